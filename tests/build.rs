//! Takes the Rust code out of the READMEs, so that `readme.rs` can run it as it is printed there.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The READMEs, by the name of the module that runs their code.
const READMES: [(&str, &str); 2] =
    [("workspace", "../README.md"), ("client", "../crates/authentik-sources-client/README.md")];

fn main() -> Result<(), Box<dyn Error>> {
    let target = env::var("OUT_DIR")?;
    for (name, path) in READMES {
        println!("cargo::rerun-if-changed={path}");
        let blocks = blocks(&fs::read_to_string(path)?);
        for (number, block) in blocks.iter().enumerate() {
            fs::write(Path::new(&target).join(format!("{name}_{number}.rs")), format!("{{\n{block}}}\n"))?;
        }
        println!("cargo::rustc-env=README_BLOCKS_{}={}", name.to_uppercase(), blocks.len());
    }
    Ok(())
}

/// Returns the contents of all code blocks that are Rust.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_inside = !is_inside && line.starts_with("```rust");
            if is_inside {
                blocks.push(String::new());
            }
        } else if let (true, Some(block)) = (is_inside, blocks.last_mut()) {
            // Writing to a string cannot fail.
            let _ = writeln!(block, "{line}");
        }
    }
    blocks
}
