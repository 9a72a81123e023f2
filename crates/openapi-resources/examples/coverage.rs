//! Prints which operations of documents have state: `cargo run --example coverage -- FILE...`.
#![allow(clippy::print_stdout)]

use openapi_document::Document;
use openapi_resources::functions::Functions;
use openapi_resources::infer::Inferred;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut stateful, mut all) = (0, 0);
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_long = arguments.iter().any(|argument| argument == "--long");
    arguments.retain(|argument| argument != "--long");
    for file in arguments {
        let document = match Document::parse(&file, &std::fs::read_to_string(&file)?) {
            Ok(document) => document,
            Err(error) => {
                println!("{file}: not read: {}", error.diagnostics().len());
                continue;
            }
        };
        let inferred = match Inferred::of(&document, Functions::new()) {
            Ok(inferred) => inferred,
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        let (with_state, operations) = inferred.coverage();
        println!("{file}: {with_state} of {operations} operations have state; {} gaps", inferred.gaps.len());
        (stateful, all) = (stateful + with_state, all + operations);
        if is_long {
            for operation in &inferred.operations {
                let meaning = match &operation.meaning {
                    Ok((collection, action)) => format!("{action:?} in {collection}"),
                    Err(reason) => format!("- {reason}"),
                };
                println!("  {:6} {:60} {meaning}", operation.method, operation.path);
            }
            for gap in &inferred.gaps {
                println!("  gap: {} at {}", gap.message, gap.pointer);
            }
        }
    }
    println!("{stateful} of {all} operations have state");
    Ok(())
}
