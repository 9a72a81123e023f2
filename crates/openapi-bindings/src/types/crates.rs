//! The wire types of a large document as several crates: one for each tag, and the base of what several tags share.
//!
//! A type of a tag needs only types of that tag and of the base, and one of the base only the base, because what belongs
//! to a tag is what no other leads to. So the crates can be compiled beside one another, each in a fraction of the memory.

mod shared;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, ItemMod};

use crate::generated_file::GeneratedFile;
use crate::groups::Groups;
use crate::rust::{RustFile, file_of};
use openapi_document::document::Document;
use openapi_document::error::Result;

use super::config::Config;

/// The module of typify's in which defaults are.
const DEFAULTS: &str = "defaults";

/// Makes the files of all crates from those of one.
pub(super) fn files(
    files: [(&'static str, RustFile); 3],
    groups: &Groups,
    base: &str,
    document: &Document,
    config: &Config,
) -> Result<Vec<GeneratedFile>> {
    let [(root_name, mut root), others @ ..] = files;
    let groups = &shared::settled(groups, &root);
    let defaults = root.take_items(|item| matches!(item, Item::Mod(module) if module.ident == DEFAULTS));
    let base = format_ident!("{base}");
    let mut crates: BTreeMap<Option<String>, Vec<(&str, RustFile)>> = BTreeMap::new();
    for (group, file) in root.take_groups(groups) {
        let modules = modules();
        let mut root = file.like();
        root.push_tokens(document, None, quote!(#modules use #base::*;))?;
        root.append(file);
        crates.insert(Some(group), vec![(root_name, root.allow("unused_imports"))]);
    }
    crates.insert(None, vec![(root_name, root)]);
    for (name, mut file) in others {
        let mut of_groups = file.take_groups(groups);
        for (group, files) in &mut crates {
            let part = group.as_ref().map(|group| of_groups.remove(group).unwrap_or_else(|| file.like()));
            files.extend(part.map(|part| (name, part)));
        }
        crates.entry(None).or_default().push((name, file));
    }
    let mut finished = Vec::new();
    for (group, files) in crates {
        let directory = directory(&config.directory, group.as_deref());
        let finish = |(name, file): (&str, RustFile)| file.finish(format!("{directory}/{name}"));
        let mut files: Vec<GeneratedFile> = files.into_iter().map(finish).collect();
        let used = used(&defaults, &files);
        if let (Some(root), false) = (files.first_mut(), used.is_empty()) {
            root.text.push('\n');
            root.text.push_str(&prettyplease::unparse(&file_of(used)));
        }
        finished.extend(files);
    }
    Ok(finished)
}

/// Returns where the sources of a group's crate are; those of the base without a group.
fn directory(whole: &str, group: Option<&str>) -> String {
    let (whole, sources) = whole.rsplit_once('/').unwrap_or((whole, ""));
    match group {
        None => format!("{whole}-base/{sources}"),
        // A tag may have the name of the base.
        Some("base") => format!("{whole}-base-tag/{sources}"),
        Some(group) => format!("{whole}-{}/{sources}", group.replace('_', "-")),
    }
}

/// Returns the modules `defaults`, with what `files` use of them.
fn used(defaults: &[Item], files: &[GeneratedFile]) -> Vec<Item> {
    let is_used = |item: &Item| match item {
        Item::Fn(function) => {
            let name = format!("{DEFAULTS}::{}", function.sig.ident);
            let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
            files.iter().any(|file| file.text.split(&name).skip(1).any(is_whole))
        }
        _ => true,
    };
    let kept = defaults.iter().filter_map(|item| {
        let Item::Mod(module) = item else { return None };
        // Each crate has its own.
        let mut module = ItemMod { vis: syn::Visibility::Inherited, ..module.clone() };
        let (_, items) = module.content.as_mut()?;
        items.retain(is_used);
        (!items.is_empty()).then_some(Item::Mod(module))
    });
    kept.collect()
}

/// Returns the modules of a crate below its generated root.
pub(super) fn modules() -> TokenStream {
    quote! {
        const _: () = ::openapi_wire::generated_for(3);
        #[rustfmt::skip]
        pub mod builder;
        #[cfg(feature = "schemars")]
        #[rustfmt::skip]
        mod json_schema;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_document::model::Model;

    const COMPONENTS: &str = r"
components:
  schemas:
    Pet: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}, calm: {type: boolean, default: true}}}
    Toy: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}
    Size: {type: object, properties: {width: {type: integer}}}
";

    /// Returns a document of many operations, half of which are tagged `pets` and answer a `Pet`, the others `toy box`.
    fn document() -> Document {
        let operation = |number: usize| {
            let (tag, answer) = if number.is_multiple_of(2) { ("pets", "Pet") } else { ("toy box", "Toy") };
            format!(
                "  /{number}: {{get: {{operationId: o{number}, tags: [{tag}], responses: {{'200': {{description: '', \
                 content: {{application/json: {{schema: {{$ref: '#/components/schemas/{answer}'}}}}}}}}}}}}}}\n"
            )
        };
        let operations: Vec<String> = (0..=100).map(operation).collect();
        let operations = operations.concat();
        let text =
            format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n{operations}{COMPONENTS}");
        Document::parse("spec.yaml", &text).unwrap()
    }

    #[test]
    fn every_type_is_in_the_crate_of_its_tag_or_in_the_base() {
        let config =
            Config { directory: "crates/types/src".to_owned(), base: Some("pets_types_base".to_owned()) };
        let files = crate::types::generate(&Model::of(&document()), &config).unwrap();
        let crates = [("base", "Size"), ("pets", "Pet"), ("toy-box", "Toy")];
        assert_eq!(files.len(), 3 * crates.len());
        let text = |name: &str, file: &str| {
            let path = format!("crates/types-{name}/src/{file}.rs");
            files.iter().find(|file| file.path == path).map(|file| file.text.as_str()).expect("a file")
        };
        for (name, own) in crates {
            for (_, ty) in crates {
                let has = |file: &str, part: &str| text(name, file).contains(&format!("{part}{ty} "));
                assert_eq!(has("generated", "pub struct "), ty == own, "{ty} in {name}");
                assert_eq!(has("generated/builder", "pub struct "), ty == own, "{ty} in {name}");
                assert_eq!(
                    has("generated/json_schema", "JsonSchema for super::"),
                    ty == own,
                    "{ty} in {name}"
                );
            }
            assert_eq!(text(name, "generated").contains("use pets_types_base::*;"), name != "base");
        }
    }
}
