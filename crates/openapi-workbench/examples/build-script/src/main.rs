//! Uses a client that the build script generates.

mod pets {
    include!(concat!(env!("OUT_DIR"), "/pets/mod.rs"));
}

use pets::client::{Client, Error};
use pets::types::NewPet;

fn main() -> Result<(), Error> {
    let client = Client::builder("http://localhost:8080").build()?;
    let _call = client.create_pet().body(NewPet::builder().name("Rex"));
    println!("a request is ready to be sent");
    Ok(())
}
