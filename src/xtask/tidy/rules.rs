//! Every rule of the protocol has a test that bears its number: in its name (`p2_…`) or in the comment above it.

use anyhow::Result;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const SPEC: &str = "src/sync/SPEC.md";
/// The invariants; what the simulator checks cites them too.
const INVARIANTS: std::ops::RangeInclusive<u32> = 1..=26;

pub(super) fn check(root: &Path, sources: &[PathBuf], findings: &mut Vec<String>) -> Result<()> {
    let mut borne = BTreeSet::new();
    let mut checked = BTreeSet::new();
    for path in sources {
        let text = fs::read_to_string(path)?;
        bear(&text, &mut borne);
        if path.starts_with(root.join("src/sim")) {
            checked.extend(numbers(&text));
        }
    }
    let spec = fs::read_to_string(root.join(SPEC))?;
    let invariants = INVARIANTS.map(|n| format!("I{n}")).filter(|number| !checked.contains(number));
    for number in rules(&spec).chain(invariants).filter(|number| !borne.contains(number)) {
        findings
            .push(format!("{SPEC}: no test bears {number}; name one after it, or cite it above the test"));
    }
    Ok(())
}

fn rules(spec: &str) -> impl Iterator<Item = String> {
    spec.lines().filter_map(|line| Some(line.strip_prefix("- **")?.split_once("**")?.0.to_owned()))
}

/// Adds the numbers that the tests of a file bear.
fn bear(text: &str, borne: &mut BTreeSet<String>) {
    let mut above: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("///") || line.starts_with("#[") {
            above.push(line);
            continue;
        }
        let is_test = above.iter().any(|line| line.starts_with("#[") && line.contains("test"));
        if let Some((_, name)) = line.split_once("fn ").filter(|_| is_test) {
            let parts = name.split('_').map(str::to_uppercase);
            borne.extend(parts.take_while(|part| is_number(part)));
            borne.extend(above.iter().filter(|line| line.starts_with("///")).flat_map(|line| numbers(line)));
        }
        above.clear();
    }
}

fn numbers(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_number(word)).map(str::to_owned)
}

/// A letter and digits.
fn is_number(word: &str) -> bool {
    let mut chars = word.chars();
    let is_letter = chars.next().is_some_and(|c| c.is_ascii_uppercase());
    let digits = chars.as_str();
    is_letter && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_bears_the_numbers_of_its_name_and_of_its_comment() {
        let text = "/// P9.\nfn helper() {}\n\n/// O8 and H9, as it is.\n#[tokio::test]\nasync fn v1_p4_it_is_so_m5() {}\n";
        let mut borne = BTreeSet::new();
        bear(text, &mut borne);
        assert_eq!(borne.into_iter().collect::<Vec<_>>(), ["H9", "O8", "P4", "V1"]);
        assert_eq!(rules("- **P1** One.\n  more **P2**\n- **R15** Two.").collect::<Vec<_>>(), ["P1", "R15"]);
    }
}
