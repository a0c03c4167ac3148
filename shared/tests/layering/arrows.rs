//! Which part of Terrain may know of which. Paths are resolved from the syntax, also within macros.

use proc_macro2::{TokenStream, TokenTree};
use std::fmt;
use syn::visit::{self, Visit};

/// The parts, by where their files lie. The longest that fits counts.
const PARTS: &[(&str, &str)] = &[
    ("frontend/app/src", "page"),
    ("frontend/app/src/screens", "screens"),
    ("frontend/app/src/ui", "ui"),
    ("frontend/app/src/store", "store"),
    ("frontend/app/src/route", "route"),
    ("frontend/app/src/i18n", "i18n"),
    ("frontend/app/src/format", "format"),
    ("frontend/app/src/browser", "browser"),
    ("frontend/engine/src", "engine"),
    ("frontend/engine/src/platform", "platform"),
    ("edge-worker/src", "edge"),
    ("edge-worker/validator/src", "validator"),
    ("shared/src/bridge", "bridge"),
    ("shared/src/crm", "crm"),
    ("shared/src/document", "document"),
    ("shared/src/validate", "validate"),
    ("shared/src/id", "id"),
    ("shared/src/money", "money"),
    ("shared/src/time", "time"),
    ("shared/src/sync", "sync"),
    ("shared/src/sync/client", "sync::client"),
    ("shared/src/sync/room", "sync::room"),
];

/// What each part may know of, beside itself, the standard library and what is not listed below.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "page",
        &[
            "screens", "ui", "store", "route", "i18n", "format", "browser", "crm", "bridge", "id",
            "money", "time", "yew",
        ],
    ),
    (
        "screens",
        &[
            "ui", "store", "route", "i18n", "format", "browser", "page", "crm", "bridge", "id",
            "money", "time", "yew",
        ],
    ),
    (
        "ui",
        &[
            "i18n", "format", "browser", "bridge", "crm", "id", "money", "time", "yew",
        ],
    ),
    (
        "store",
        &["browser", "crm", "bridge", "id", "money", "time", "yew"],
    ),
    ("route", &["browser", "crm", "bridge", "id", "yew"]),
    ("i18n", &["browser", "crm", "money", "time", "yew"]),
    (
        "format",
        &["i18n", "browser", "crm", "money", "time", "yew"],
    ),
    ("browser", &["id", "time"]),
    (
        "engine",
        &[
            "platform",
            "bridge",
            "crm",
            "document",
            "sync",
            "sync::client",
            "id",
            "money",
            "time",
        ],
    ),
    ("platform", &["id", "time"]),
    ("edge", &["sync", "sync::room", "id", "time"]),
    (
        "validator",
        &["validate", "document", "crm", "sync", "id", "time"],
    ),
    ("bridge", &["crm", "id", "time"]),
    ("crm", &["id", "money", "time"]),
    ("document", &["crm", "id", "time"]),
    ("validate", &["document", "crm", "sync", "id", "time"]),
    ("id", &[]),
    ("money", &[]),
    ("time", &[]),
    ("sync", &["id", "time"]),
    ("sync::client", &["sync", "document", "id", "time"]),
    ("sync::room", &["sync", "id", "time"]),
];

/// Crates that not everyone may know of, as parts.
const CRATES: &[&str] = &[
    "yew",
    "yew_router",
    "automerge",
    "web_sys",
    "js_sys",
    "gloo",
    "worker",
    "indexed_db_futures",
];

/// Which parts may know of those crates. `page` parts know `web_sys` for events and elements.
const CRATE_ARROWS: &[(&str, &[&str])] = &[
    ("automerge", &["document"]),
    (
        "yew",
        &["page", "screens", "ui", "store", "route", "i18n", "format"],
    ),
    ("yew_router", &["page", "screens", "ui", "route"]),
    (
        "web_sys",
        &[
            "page", "screens", "ui", "store", "route", "i18n", "format", "browser", "platform",
            "engine",
        ],
    ),
    (
        "js_sys",
        &[
            "page",
            "ui",
            "i18n",
            "format",
            "browser",
            "store",
            "platform",
            "screens",
            "edge",
            "validator",
        ],
    ),
    ("gloo", &["page", "ui", "browser", "store", "platform"]),
    ("worker", &["edge", "validator"]),
    ("indexed_db_futures", &["platform"]),
];

/// A part that knows of one it may not know of.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    file: String,
    from: String,
    to: String,
    path: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation {
            file,
            from,
            to,
            path,
        } = self;
        write!(f, "{file}: {from} may not know {to} ({path})")
    }
}

/// The part that a file belongs to.
pub fn part_of(file: &str) -> Option<&'static str> {
    let within = |place: &str| {
        let rest = file.strip_prefix(place)?;
        rest.starts_with(['/', '.']).then_some(place.len())
    };
    let longest = PARTS
        .iter()
        .filter_map(|(place, part)| Some((within(place)?, *part)));
    longest.max().map(|(_, part)| part)
}

/// The arrows of a file that are not allowed.
pub fn violations(file: &str, source: &str) -> Vec<Violation> {
    let Some(from) = part_of(file) else {
        return Vec::new();
    };
    let syntax = syn::parse_file(source).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut paths = Paths::default();
    paths.visit_file(&syntax);
    let mut found: Vec<Violation> = paths
        .found
        .into_iter()
        .filter_map(|(path, depth)| {
            let to = resolve(file, &path, depth)?;
            (!is_allowed(from, &to)).then(|| Violation {
                file: file.into(),
                from: from.into(),
                to,
                path: path.join("::"),
            })
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn is_allowed(from: &str, to: &str) -> bool {
    let crates = CRATE_ARROWS.iter().find(|(name, _)| *name == to);
    if let Some((_, knowers)) = crates {
        return knowers.contains(&from);
    }
    let arrows = ARROWS.iter().find(|(part, _)| *part == from);
    from == to || arrows.is_some_and(|(_, known)| known.contains(&to))
}

/// The part or crate that a path leads to. `depth` counts the modules within the file.
fn resolve(file: &str, path: &[String], depth: usize) -> Option<String> {
    let (src, module) = file.split_once("/src/")?;
    let first = path.first()?.as_str();
    if CRATES.contains(&first) {
        return Some(first.into());
    }
    let module = module.strip_suffix(".rs")?;
    let mut place: Vec<&str> = match module {
        "lib" | "main" => Vec::new(),
        module => module.split('/').collect(),
    };
    let mut rest = path;
    let src = match first {
        "shared" => {
            place.clear();
            rest = &rest[1..];
            "shared"
        }
        "crate" => {
            place.clear();
            rest = &rest[1..];
            src
        }
        "self" | "super" => {
            let mut depth = depth;
            while let Some(step) = rest
                .first()
                .filter(|step| *step == "super" || *step == "self")
            {
                if step == "super" && depth > 0 {
                    depth -= 1;
                } else if step == "super" {
                    place.pop();
                }
                rest = &rest[1..];
            }
            src
        }
        _ => return None,
    };
    place.extend(rest.iter().map(String::as_str));
    // The longest beginning that is a part's place.
    (1..=place.len())
        .rev()
        .find_map(|end| part_of(&format!("{src}/src/{}.rs", place[..end].join("/"))))
        .map(str::to_owned)
}

/// All paths of a file, with how many modules within the file they stand in.
#[derive(Default)]
struct Paths {
    found: Vec<(Vec<String>, usize)>,
    depth: usize,
}

impl Paths {
    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.found.push((with(&name.ident), self.depth)),
            syn::UseTree::Rename(name) => self.found.push((with(&name.ident), self.depth)),
            syn::UseTree::Glob(_) => self.found.push((before.to_vec(), self.depth)),
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.tree(before, item);
                }
            }
        }
    }

    /// Within a macro only the tokens are known: names with `::` between.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end(&mut path);
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    colons = 0;
                    self.tokens(group.stream());
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.found.push((path, self.depth));
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let segments: Vec<String> = segments.collect();
        if segments.len() > 1 {
            self.found.push((segments, self.depth));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.depth += 1;
        visit::visit_item_mod(self, item);
        self.depth -= 1;
    }
}
