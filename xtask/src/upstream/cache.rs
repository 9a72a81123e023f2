//! Documents that were fetched before: one file for each version of the crate, in the user's cache directory.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use openapi_workbench::disk;

use super::fetched::Fetched;
use super::version::Wanted;

/// Names another directory to keep the documents in.
pub(super) const OVERRIDE: &str = "AUTHENTIK_SOURCES_CACHE";

pub(super) fn directory() -> Result<PathBuf, String> {
    if let Some(directory) = std::env::var_os(OVERRIDE).filter(|directory| !directory.is_empty()) {
        return Ok(directory.into());
    }
    let strategy = etcetera::choose_base_strategy()
        .map_err(|error| format!("there is no cache directory: {error}\n  help: name one in {OVERRIDE}"))?;
    Ok(strategy.cache_dir().join("authentik-sources").join("upstream"))
}

pub(super) fn find(cache: &Path, version: &str) -> Option<Fetched> {
    let path = path(cache, version);
    path.is_file().then(|| Fetched { version: version.to_owned(), path })
}

/// Returns the newest document in the cache that matches the request.
pub(super) fn newest(cache: &Path, wanted: &Wanted) -> Option<Fetched> {
    let files = std::fs::read_dir(cache).ok()?;
    let names = files.flatten().filter_map(|file| file.file_name().into_string().ok());
    let versions = names.filter_map(|name| semver::Version::parse(name.strip_suffix(".yml")?).ok());
    let newest = versions.filter(|version| wanted.means(&version.to_string())).max()?;
    find(cache, &newest.to_string())
}

pub(super) fn keep(cache: &Path, version: &str, text: &str) -> Result<Fetched, String> {
    let path = path(cache, version);
    disk::write(&path, text)
        .map_err(|error| format!("{error}\n  help: name another directory in {OVERRIDE}"))?;
    Ok(Fetched { version: version.to_owned(), path })
}

fn path(cache: &Path, version: &str) -> PathBuf {
    cache.join(format!("{version}.yml"))
}
