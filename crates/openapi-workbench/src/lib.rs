#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod apply;
pub mod build;
#[cfg(feature = "cli")]
pub mod commands;
pub mod disk;
pub mod generator;
pub mod name;
pub mod report;
pub mod shell;
pub mod source;
pub mod stamp;
pub mod text;
#[cfg(feature = "cli")]
pub mod workspace;

pub use name::Name;
pub use report::{Outcome, Report};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_readme_lists_every_public_module_and_no_other() {
        let public = include_str!("lib.rs").lines().filter_map(|line| line.strip_prefix("pub mod "));
        let public: BTreeSet<&str> = public.map(|module| module.trim_end_matches(';')).collect();
        let readme = include_str!("../README.md").lines();
        let rows = readme.skip_while(|line| *line != "| module | purpose |").skip(2);
        let cells = rows.map_while(|row| row.strip_prefix('|')?.split('|').next());
        let listed = cells.flat_map(|cell| cell.trim().split(", "));
        let listed: BTreeSet<&str> = listed.map(|name| name.trim_matches(['`', '[', ']'])).collect();
        assert_eq!(listed, public);
    }
}
