//! Writes the tables of a document to a file, and tells how long it takes to read them:
//! `cargo run --release --package openapi-tables --example asset -- openapi.json tables.bin`

use std::error::Error;
use std::time::Instant;

use openapi_document::Document;
use openapi_document::model::Model;
use openapi_server_runtime::tables::Tables;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(asset)) = (arguments.next(), arguments.next()) else {
        return Err("say the document and the file to write".into());
    };
    let document = Document::parse(&path, &std::fs::read_to_string(&path)?)?;
    let begun = Instant::now();
    let built = openapi_tables::build(&Model::of(&document))?;
    println!("{} operations, built in {:?}", built.operations.len(), begun.elapsed());
    let bytes: &'static [u8] = built.to_bytes()?.leak();
    std::fs::write(&asset, bytes)?;
    let begun = Instant::now();
    let read = Tables::from_bytes(bytes)?;
    let elapsed = begun.elapsed();
    println!("{} bytes, read in {elapsed:?}, the same: {}", bytes.len(), read == built);
    Ok(())
}
