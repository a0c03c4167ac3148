//! The word files are complete: the same keys in both languages, none missing, none left over.

use super::{Lang, PUT_TOGETHER, Words};
use shared::crm::Kind;
use shared::crm::field::Shape;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use yew::Callback;

/// The keys of a file, each of which must parse.
fn keys(lang: Lang) -> BTreeSet<String> {
    let words = Words::new(lang, Callback::noop());
    let key_of = |line: &str| {
        let (key, _) = line.split_once(" =")?;
        key.starts_with(|c: char| c.is_ascii_lowercase())
            .then(|| key.to_owned())
    };
    let keys: Vec<String> = lang.source().lines().filter_map(key_of).collect();
    let unique: BTreeSet<String> = keys.iter().cloned().collect();
    assert_eq!(
        keys.len(),
        unique.len(),
        "{}.ftl: a key stands twice",
        lang.tag()
    );
    for key in &keys {
        assert!(words.has(key), "{}.ftl: {key} does not parse", lang.tag());
    }
    unique
}

fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

fn source() -> String {
    let mut source = String::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut source,
    );
    source
}

/// The literals that follow a call, on the same or the next line.
fn literals<'a>(source: &'a str, call: &str) -> BTreeSet<&'a str> {
    let after = source.split(call).skip(1);
    after
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .filter(|key| !key.contains('{') && !key.contains(' '))
        .collect()
}

#[test]
fn both_languages_have_the_same_keys() {
    let (en, fr) = (keys(Lang::En), keys(Lang::Fr));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).cloned().collect()
    };
    assert_eq!(only(&en, &fr), Vec::<String>::new(), "only in en.ftl");
    assert_eq!(only(&fr, &en), Vec::<String>::new(), "only in fr.ftl");
}

#[test]
fn every_key_that_is_used_has_words() {
    let (keys, source) = (keys(Lang::En), source());
    let used = [".t(", ".with("]
        .map(|call| literals(&source, call))
        .concat_sets();
    let missing: Vec<_> = used.iter().filter(|key| !keys.contains(**key)).collect();
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[test]
fn no_words_are_left_over() {
    let source = source();
    let unused: Vec<_> = keys(Lang::En)
        .into_iter()
        .filter(|key| !PUT_TOGETHER.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !source.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn no_line_ends_within_e_mail() {
    for lang in [Lang::En, Lang::Fr] {
        let breaks = |line: &&str| line.to_lowercase().contains("e-mail");
        let found: Vec<_> = lang.source().lines().filter(breaks).collect();
        assert!(found.is_empty(), "write U+2011 for the hyphen: {found:?}");
    }
}

#[test]
fn fields_and_choices_have_names() {
    let keys = keys(Lang::En);
    for kind in Kind::ALL {
        for field in kind.fields() {
            let name = format!("field-{}-{}", kind.name(), field.key);
            assert!(keys.contains(&name), "no words for {name}");
            if let Shape::Choice(values) = field.shape {
                for value in values {
                    let name = format!("{}-{value}", field.key);
                    assert!(keys.contains(&name), "no words for {name}");
                }
            }
        }
    }
}

trait ConcatSets<'a> {
    fn concat_sets(self) -> BTreeSet<&'a str>;
}

impl<'a, const N: usize> ConcatSets<'a> for [BTreeSet<&'a str>; N] {
    fn concat_sets(self) -> BTreeSet<&'a str> {
        self.into_iter().flatten().collect()
    }
}
