//! Turns `locales/<lang>/<slice>.json` into functions, one for each text, with its arguments by name.
//!
//! The texts of a language lie in one string, and a function only names a place in it: to choose between two texts at every use would
//! be a good part of the app's code.
//!
//! What stands in words for the device in hand is written `{here}` (手机, or 电脑 at a desk) and `{this}` (这部手机, 这台电脑): such a text is kept
//! twice, and the wider screen takes the second.
//!
//! Chinese is the first language: its keys and arguments are the law. A key that one language lacks, or has too many, fails the build;
//! a key that nothing uses is dead code, which the compiler reports.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

/// The device in hand and what it asks, on a phone and at a desk.
const HERE_ZH: [(&str, &str, &str); 3] =
    [("{here}", "手机", "电脑"), ("{this}", "这部手机", "这台电脑"), ("{office}", "镇里", "服务器")];
const HERE_EN: [(&str, &str, &str); 4] = [
    ("{here}", "phone", "PC"),
    ("{this}", "this phone", "this PC"),
    ("{This}", "This phone", "This PC"),
    ("{office}", "office", "server"),
];

/// The English words of stored codes, by field and code; the Chinese ones are `domain::options`.
const OPTIONS: &str = "options.json";

type Catalog = BTreeMap<String, Text>;

/// A text, or one for a count of one and one for all others.
struct Text {
    one: Option<String>,
    other: String,
}

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=build.rs");
    // A device whose clock is before this moment is wrong.
    let built = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    println!("cargo:rustc-env=HUIFANG_BUILD_MS={built}");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder"));
    let locales = root.join("locales");
    let zh = slices(&locales.join("zh-CN"));
    let en = slices(&locales.join("en"));
    assert_same_keys("slices of locales/zh-CN and locales/en", zh.keys(), en.keys());
    let mut code = String::new();
    let mut tables = Tables::default();
    for (slice, texts) in &zh {
        let english = &en[slice];
        assert_same_keys(&format!("keys of locales/*/{slice}.json"), texts.keys(), english.keys());
        code.push_str(&format!("pub(crate) mod {slice} {{\n"));
        for (key, text) in texts {
            code.push_str(&function(&format!("{slice}.{key}"), key, text, &english[key], &mut tables));
        }
        code.push_str("}\n");
    }
    code.push_str(&table("ZH", &tables.zh));
    code.push_str(&table("EN", &tables.en));
    code.push_str(&format!(
        "pub(super) static OPTIONS_EN: &str = {:?};\n",
        options(&locales.join("en").join(OPTIONS))
    ));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets the output folder"));
    fs::write(out.join("words.rs"), code).expect("the output folder is writable");
}

/// A line for each: field, code and word.
fn options(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let fields: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = String::new();
    for (field, words) in &fields {
        for (code, word) in words {
            lines.push_str(&format!("{field} {code} {word}\n"));
        }
    }
    lines
}

fn slices(folder: &Path) -> BTreeMap<String, Catalog> {
    let mut slices = BTreeMap::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        if path.file_name().is_some_and(|name| name == OPTIONS) {
            continue;
        }
        let slice = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain file name").to_owned();
        slices.insert(slice, catalog(&path));
    }
    slices
}

fn catalog(path: &Path) -> Catalog {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let values: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let texts = values.into_iter().map(|(key, value)| {
        let text = match &value {
            serde_json::Value::String(other) => Text { one: None, other: other.clone() },
            serde_json::Value::Object(forms) => Text {
                one: forms.get("one").and_then(|form| form.as_str()).map(str::to_owned),
                other: forms
                    .get("other")
                    .and_then(|form| form.as_str())
                    .unwrap_or_else(|| panic!("{}: {key}: no form \"other\"", path.display()))
                    .to_owned(),
            },
            _ => panic!("{}: {key}: neither a text nor {{\"one\", \"other\"}}", path.display()),
        };
        (key, text)
    });
    texts.collect()
}

fn assert_same_keys<'a>(
    what: &str,
    zh: impl Iterator<Item = &'a String>,
    en: impl Iterator<Item = &'a String>,
) {
    let (zh, en): (BTreeSet<_>, BTreeSet<_>) = (zh.collect(), en.collect());
    let apart: Vec<_> = zh.symmetric_difference(&en).collect();
    assert!(apart.is_empty(), "{what} differ: {apart:?}");
}

/// The names in braces, in the order of their first use.
fn arguments(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').unwrap_or_else(|| panic!("an open brace in {text:?}")) + open;
        let name = rest[open + 1..close].to_owned();
        let is_here = HERE_EN.iter().any(|(here, _, _)| *here == &rest[open..=close]);
        if !is_here && !names.contains(&name) {
            names.push(name);
        }
        rest = &rest[close + 1..];
    }
    names
}

/// The texts of each language in the order of their places.
#[derive(Default)]
struct Tables {
    zh: Vec<String>,
    en: Vec<String>,
}

impl Tables {
    /// Adds a text and answers with its place as an expression: a number, or the choice of two by the device in hand.
    fn add(&mut self, zh: &str, en: &str) -> String {
        let place = self.zh.len();
        let (zh, en) = (on_devices(zh, &HERE_ZH), on_devices(en, &HERE_EN));
        let differs = zh.0 != zh.1 || en.0 != en.1;
        self.zh.push(zh.0);
        self.en.push(en.0);
        if !differs {
            return place.to_string();
        }
        self.zh.push(zh.1);
        self.en.push(en.1);
        format!("crate::locale::here({place})")
    }
}

/// A text as a phone and as a desk says it.
fn on_devices(text: &str, names: &[(&str, &str, &str)]) -> (String, String) {
    let (mut phone, mut desk) = (text.to_owned(), text.to_owned());
    for (name, on_phone, at_desk) in names {
        phone = phone.replace(name, on_phone);
        desk = desk.replace(name, at_desk);
    }
    (phone, desk)
}

fn table(name: &str, texts: &[String]) -> String {
    let lengths: Vec<_> = texts.iter().map(|text| text.len().to_string()).collect();
    format!(
        "pub(super) static {name}: super::Table = super::Table {{ texts: {:?}, lengths: &[{}] }};\n",
        texts.concat(),
        lengths.join(",")
    )
}

fn function(place: &str, key: &str, zh: &Text, en: &Text, tables: &mut Tables) -> String {
    let names = arguments(&zh.other);
    let wanted: BTreeSet<_> = names.iter().cloned().collect();
    for text in [Some(&en.other), zh.one.as_ref(), en.one.as_ref()].into_iter().flatten() {
        let found: BTreeSet<_> = arguments(text).into_iter().collect();
        assert!(found.is_subset(&wanted), "{place}: arguments {found:?} are not among {wanted:?}");
    }
    let counts = zh.one.is_some() || en.one.is_some();
    assert!(!counts || wanted.contains("n"), "{place}: a text with the form \"one\" counts by {{n}}");
    let doc = on_devices(&zh.other, &HERE_ZH).0.replace('\n', " ");
    let other = tables.add(&zh.other, &en.other);
    if names.is_empty() {
        return format!(
            "/// {doc}\npub(crate) fn {key}() -> &'static str {{ crate::locale::text({other}) }}\n"
        );
    }
    let parameters: Vec<_> = names
        .iter()
        .map(|name| {
            let kind = if counts && name == "n" { "usize" } else { "impl std::fmt::Display" };
            format!("{name}: {kind}")
        })
        .collect();
    let chosen = if counts {
        let one = |text: &Text| text.one.clone().unwrap_or_else(|| text.other.clone());
        format!("if n == 1 {{ {} }} else {{ {other} }}", tables.add(&one(zh), &one(en)))
    } else {
        other
    };
    let values: Vec<_> = names.iter().map(|name| format!("({name:?}, &{name})")).collect();
    format!(
        "/// {doc}\npub(crate) fn {key}({}) -> String {{ crate::locale::filled({chosen}, &[{}]) }}\n",
        parameters.join(", "),
        values.join(", ")
    )
}
