//! Public API: what the generated files offer to the outside, under snapshot. A change of the document or of a pass
//! that changes what a caller can write shows here, item by item, without the bodies nobody calls.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit_mut::{self, VisitMut};
use syn::{File, ImplItem, Item, Visibility};

#[test]
fn the_public_api_of_each_generated_file_is_the_reviewed_one() {
    for krate in ["types", "client", "api"] {
        let folder = crate::repository().join(format!("crates/authentik-sources-{krate}/src"));
        let files = generated_files(&folder);
        assert!(!files.is_empty(), "{} has no generated files", folder.display());
        for file in files {
            let source = fs::read_to_string(&file).expect("a generated file is readable");
            let name = format!("{krate}__{}", file.file_stem().expect("a file name").display());
            insta::assert_snapshot!(name, outline(&source));
        }
    }
}

/// Returns `generated.rs` and every file below `generated/`.
fn generated_files(source: &Path) -> Vec<PathBuf> {
    let below =
        fs::read_dir(source.join("generated")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        below.chain([source.join("generated.rs")]).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Returns the source without private items, bodies, documentation and attributes other than derives.
fn outline(source: &str) -> String {
    let mut file = syn::parse_file(source).expect("generated code parses");
    Public.visit_file_mut(&mut file);
    prettyplease::unparse(&file)
}

struct Public;

impl VisitMut for Public {
    fn visit_file_mut(&mut self, file: &mut File) {
        file.items.retain(is_public);
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(is_public);
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        if item.trait_.is_some() {
            item.items.clear();
        }
        item.items.retain(|item| match item {
            ImplItem::Fn(function) => matches!(function.vis, Visibility::Public(_)),
            _ => true,
        });
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_trait_item_fn_mut(&mut self, function: &mut syn::TraitItemFn) {
        function.default = None;
        visit_mut::visit_trait_item_fn_mut(self, function);
    }

    fn visit_item_static_mut(&mut self, item: &mut syn::ItemStatic) {
        *item.expr = syn::parse_quote!(_);
    }

    fn visit_item_const_mut(&mut self, item: &mut syn::ItemConst) {
        *item.expr = syn::parse_quote!(_);
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.clear();
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| attribute.path().is_ident("derive"));
    }
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Use(item) => &item.vis,
        Item::Impl(_) => return true,
        _ => return false,
    };
    matches!(visibility, Visibility::Public(_))
}
