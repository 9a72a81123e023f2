//! Makes a fixture of a record.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args;
use http::Method;
use openapi_control::record::Records;
use openapi_resources::objects::{self, Gathering};
use openapi_resources::plan::Plan;
use openapi_server_runtime::route::{PathRules, Router};
use openapi_server_runtime::tables::Tables;

/// The record that a fixture is made of.
#[derive(Debug, Clone, Args)]
pub struct FixtureOf {
    /// The record, made with `--record`
    #[arg(value_name = "RECORD")]
    pub record: PathBuf,
}

impl FixtureOf {
    /// Returns the fixture as text: the objects that `GET` was answered with, each as it was last. Secrets are what stands for
    /// them in the record.
    ///
    /// # Errors
    /// If the record cannot be read, or has no objects: what is wrong and what helps.
    pub fn text(&self, tables: &'static Tables, plan: &Plan) -> Result<String, String> {
        let file = self.record.display();
        let told = |error: &dyn std::fmt::Display| format!("error: {file}: {error}");
        let opened = File::open(&self.record).map_err(|error| told(&error))?;
        let records = Records::new(BufReader::new(opened)).map_err(|error| told(&error))?;
        let router = Router::new(tables.base_path, tables.operations, PathRules::default());
        let mut found = Gathering::new(plan);
        for recorded in records {
            let recorded = recorded.map_err(|error| told(&error))?;
            let path = recorded.path.split('?').next().unwrap_or_default();
            let (true, 200, Some(answer)) =
                (recorded.method == "GET", recorded.status, &recorded.answer_body)
            else {
                continue;
            };
            if let Some(matched) = router.find(path)
                && let Some(operation) = matched.route.operation(&Method::GET)
            {
                found.add(operation.id, answer);
            }
        }
        let value = found.into_value();
        let is_empty = value["objects"].as_object().is_none_or(serde_json::Map::is_empty);
        let help = "record requests of `GET` for lists and objects of this API";
        if is_empty {
            return Err(format!("{}\n  help: {help}", told(&"no answer in it has objects")));
        }
        Ok(objects::text(&value))
    }
}
