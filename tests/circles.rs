//! Circles: the modules of a crate use each other in no circle, except in the recursions listed here.
//!
//! A module is a file; a module in braces belongs to its file. A module *uses* another if its code names an item that the
//! other defines: in `use`, or in a path that begins with `crate`, `self`, `super`, a child, or a name that `use` brings
//! into scope. A name that is passed on by `use` counts for the module that defines it, and passing it on (`pub use`) is
//! no use by itself. So a parent uses its child if it calls it, and a child its parent if it names an item in the
//! parent's file; both together are a circle. Tests, comments, methods and quoted code do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::repository;

/// A use that may close a circle, as what is described is recursive.
struct Recursion {
    package: &'static str,
    user: &'static str,
    /// The module that it uses, or `*` for any.
    used: &'static str,
    reason: &'static str,
}

const RECURSIONS: &[Recursion] = &[
    Recursion {
        package: "authentik-stub",
        user: "api",
        used: "*",
        reason: "the api hands a request to what is special about its operation, which asks the api for rows",
    },
    Recursion {
        package: "authentik-stub",
        user: "api::actions",
        used: "*",
        reason: "the table of actions names each family, whose entries have the type of the table",
    },
    Recursion {
        package: "openapi-compat",
        user: "changes::composition",
        used: "changes::schemas",
        reason: "a schema is composed of schemas",
    },
    Recursion {
        package: "openapi-compat",
        user: "changes::properties",
        used: "changes::schemas",
        reason: "the property of a schema has a schema",
    },
    Recursion {
        package: "openapi-document",
        user: "model::schema",
        used: "model::schemas",
        reason: "a schema adds its parts to the list of schemas, which reads each schema that is added",
    },
];

/// The beginning of the names of packages whose modules are generated.
const GENERATED: &str = "authentik-sources-";

/// The macros whose tokens are the code of others.
const QUOTES: [&str; 3] = ["quote", "quote_spanned", "parse_quote"];

/// Names joined by `::`: a path in code, or the way from the root of a crate to a module.
type Names = Vec<String>;

/// A file of a crate.
#[derive(Default)]
struct Module {
    /// The modules declared in it that have files.
    children: BTreeSet<String>,
    /// The meaning of the names that `use` brings into scope.
    imports: BTreeMap<String, Import>,
    /// The paths in its code.
    mentions: BTreeSet<Names>,
    /// The number of braces of modules around what is visited.
    depth: usize,
}

struct Import {
    path: Names,
    is_passed_on: bool,
}

impl Module {
    fn of(text: &str) -> syn::Result<Self> {
        let mut module = Module::default();
        module.visit_file(&syn::parse_file(text)?);
        Ok(module)
    }

    /// Adds what a `use` brings into scope; `path` comes before `tree`.
    fn import(&mut self, path: &[String], tree: &syn::UseTree, is_passed_on: bool) {
        let with = |name: &syn::Ident| [path, &[name.to_string()]].concat();
        let (name, path) = match tree {
            syn::UseTree::Path(path) => return self.import(&with(&path.ident), &path.tree, is_passed_on),
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|item| self.import(path, item, is_passed_on));
            }
            syn::UseTree::Name(name) if name.ident == "self" => (path.last().cloned(), path.to_vec()),
            syn::UseTree::Name(name) => (Some(name.ident.to_string()), with(&name.ident)),
            syn::UseTree::Rename(name) => (Some(name.rename.to_string()), with(&name.ident)),
            syn::UseTree::Glob(_) => (None, [path, &["*".to_owned()]].concat()),
        };
        let path = self.seen_from_file(path);
        if !is_passed_on {
            self.mentions.insert(path.clone());
        }
        // Names in braces have no meaning outside of them.
        if let (Some(name), 0) = (name, self.depth) {
            self.imports.insert(name, Import { path, is_passed_on });
        }
    }

    /// Returns a path as it would be written outside of the modules in braces.
    fn seen_from_file(&self, mut path: Names) -> Names {
        for name in path.iter_mut().take(self.depth).take_while(|name| *name == "super") {
            "self".clone_into(name);
        }
        path
    }

    /// Finds the paths among the tokens of a macro.
    fn scan(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Names::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => {
                    self.mentions.insert(std::mem::replace(&mut path, vec![name.to_string()]));
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                _ => {}
            }
            colons = 0;
        }
        self.mentions.insert(path);
    }
}

/// Checks whether an item is compiled for tests only.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => attribute.path().is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

/// Returns the attributes of an item that may be one of a test.
fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_none() {
            self.children.insert(item.ident.to_string());
        }
        self.depth += 1;
        visit::visit_item_mod(self, item);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&[], &item.tree, !matches!(item.vis, syn::Visibility::Inherited));
    }

    /// Skips `pub(super)`.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.mentions.insert(self.seen_from_file(names));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        if !QUOTES.iter().any(|quote| call.path.is_ident(quote)) {
            self.scan(call.tokens.clone());
        }
    }
}

/// The modules of a crate.
#[derive(Default)]
struct Modules(BTreeMap<Names, Module>);

impl Modules {
    /// Reads the module in `file` and those below it.
    fn read(&mut self, file: &Path, path: Names) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let module = Module::of(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let directory = match file.file_stem().and_then(|stem| stem.to_str()) {
            Some("lib" | "main" | "mod") => file.with_file_name(""),
            _ => file.with_extension(""),
        };
        for child in &module.children {
            let candidates = [directory.join(format!("{child}.rs")), directory.join(child).join("mod.rs")];
            let file = candidates.iter().find(|file| file.is_file());
            let file = file.unwrap_or_else(|| panic!("{}: no module `{child}`", directory.display()));
            self.read(file, [path.as_slice(), std::slice::from_ref(child)].concat());
        }
        self.0.insert(path, module);
    }

    /// Returns the module that defines what `path` names in the module `at`. Returns nothing for an item of another crate,
    /// for a module, and for a single name that is not passed on.
    fn defining(&self, at: &[String], path: &[String]) -> Option<Names> {
        let mut module: Names = match path.first()?.as_str() {
            "crate" => Names::new(),
            "super" => at.split_last()?.1.to_vec(),
            _ => at.to_vec(),
        };
        let is_rooted = ["crate", "self", "super"].contains(&path[0].as_str());
        let mut rest = if is_rooted { &path[1..] } else { path };
        while let Some((name, after)) = rest.split_first() {
            let is_first = !is_rooted && rest.len() == path.len();
            let child = [module.as_slice(), std::slice::from_ref(name)].concat();
            if name == "super" {
                module.pop()?;
            } else if self.0.contains_key(&child) {
                module = child;
            } else if let Some(import) = self.0[&module].imports.get(name) {
                // A name that is imported by itself is that of a macro or of a crate.
                if import.path.first() == Some(name) {
                    return (import.path.len() == 1 && !is_first).then_some(module);
                }
                if is_first && after.is_empty() && !import.is_passed_on {
                    return None;
                }
                return self.defining(&module, &[&import.path, after].concat());
            } else {
                return (!is_first).then_some(module);
            }
            rest = after;
        }
        None
    }

    fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        for (user, module) in &self.0 {
            let found = uses.0.entry(user.clone()).or_default();
            for mention in &module.mentions {
                if let Some(used) = self.defining(user, mention).filter(|used| used != user) {
                    found.entry(used).or_insert_with(|| mention.join("::"));
                }
            }
        }
        uses
    }
}

/// The modules that each module of a crate uses, with a path in its code that does.
#[derive(Clone, Default)]
struct Uses(BTreeMap<Names, BTreeMap<Names, String>>);

impl Uses {
    /// Returns the modules that `module` uses, and that those use, and so on.
    fn reached<'a>(&'a self, module: &'a Names) -> BTreeSet<&'a Names> {
        let (mut found, mut open) = (BTreeSet::new(), vec![module]);
        while let Some(module) = open.pop() {
            open.extend(self.0[module].keys().filter(|used| found.insert(*used)));
        }
        found
    }

    /// Returns the uses that are part of a circle, each on a line.
    fn circles(&self) -> Vec<String> {
        let name = |module: &Names| if module.is_empty() { "crate".to_owned() } else { module.join("::") };
        let reached: BTreeMap<_, _> = self.0.keys().map(|module| (module, self.reached(module))).collect();
        let mut lines = Vec::new();
        for (user, all) in &self.0 {
            for (used, path) in all.iter().filter(|(used, _)| reached[used].contains(user)) {
                lines.push(format!("{} uses {} by `{path}`", name(user), name(used)));
            }
        }
        lines
    }

    /// Takes a recursion out. Returns `true` if it closes a circle.
    fn take(&mut self, recursion: &Recursion) -> bool {
        let names = |module: &str| module.split("::").map(str::to_owned).collect::<Names>();
        let (user, is_any) = (names(recursion.user), recursion.used == "*");
        let all = self.0.get_mut(&user).map(std::mem::take).unwrap_or_default();
        let (taken, kept): (BTreeMap<_, _>, BTreeMap<_, _>) =
            all.into_iter().partition(|(target, _)| is_any || *target == names(recursion.used));
        self.0.insert(user.clone(), kept);
        taken.keys().any(|target| self.reached(target).contains(&user))
    }
}

#[test]
fn modules_use_each_other_in_no_circle() {
    let root = repository();
    let crates = fs::read_dir(root.join("crates")).expect("a directory").map(|entry| entry.unwrap().path());
    let (mut circles, mut recursions) = (Vec::new(), 0);
    for directory in crates.chain([root.join("xtask")]) {
        let package = directory.file_name().unwrap().to_str().unwrap();
        let roots = ["src/lib.rs", "src/main.rs"].map(|file| directory.join(file));
        for file in roots.iter().filter(|file| file.is_file() && !package.starts_with(GENERATED)) {
            let mut modules = Modules::default();
            modules.read(file, Names::new());
            let mut uses = modules.uses();
            let known = RECURSIONS.iter().filter(|known| known.package == package);
            recursions += known.filter(|known| uses.take(known)).count();
            circles.extend(uses.circles().into_iter().map(|line| format!("{package}: {line}")));
        }
    }
    let help = "help: move what both need into a module of its own, or pass a value instead of reaching up";
    assert!(circles.is_empty(), "modules use each other in circles:\n{}\n{help}", circles.join("\n"));
    let listed = RECURSIONS.iter().map(|known| known.reason).collect::<Vec<_>>().join("\n");
    assert_eq!(recursions, RECURSIONS.len(), "a recursion is listed that closes no circle:\n{listed}");
}

/// Returns the uses among files of a crate that are part of a circle.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let names = |path: &str| path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let modules = files.iter().map(|(path, text)| (names(path), Module::of(text).expect("Rust")));
    Modules(modules.collect()).uses().circles()
}

#[test]
fn a_circle_is_named_by_the_uses_that_make_it() {
    let of_three = [
        ("", "mod a; mod b; mod c; pub use c::C;"),
        ("a", "use crate::b::B; pub struct A;"),
        ("b", "pub struct B; fn b() -> crate::C { todo!() }"),
        ("c", "pub struct C; fn c() { println!(\"{}\", super::a::A) }"),
    ];
    let lines = ["a uses b by `crate::b::B`", "b uses c by `crate::C`", "c uses a by `super::a::A`"];
    assert_eq!(circles(&of_three), lines);
    let of_parent = [("", "mod a; pub const A: u8 = a::run();"), ("a", "use super::A; pub fn run() {}")];
    assert_eq!(circles(&of_parent), ["crate uses a by `a::run`", "a uses crate by `super::A`"]);
}

#[test]
fn what_is_passed_on_tested_or_quoted_makes_no_circle() {
    let cases = [
        "mod a; pub use a::run; pub struct A;",
        "mod a; pub struct A; #[cfg(test)] mod tests { use super::a::run; }",
        "mod a; pub struct A; fn quoted() { quote!(a::run()) }",
        "mod a; pub struct A; mod inner { use super::A; }",
    ];
    for root in cases {
        assert_eq!(circles(&[("", root), ("a", "use crate::A; pub fn run() {}")]), [""; 0], "{root}");
    }
}
