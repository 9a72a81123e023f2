//! Generates the module `pets` from a document.

fn main() -> Result<(), openapi_workbench::build::Error> {
    openapi_workbench::build::client("../../tests/documents/pets.yaml", "pets")
}
