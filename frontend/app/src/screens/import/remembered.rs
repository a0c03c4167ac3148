//! What a person made of a file's columns, kept on the device for the next file with the same titles.
//! Of the titles, which may be anybody's words, only a number is kept.

use crate::browser::{remember, remembered};
use shared::crm::import::{File, Target};

const KEY: &str = "terrain.columns";
/// For how many sets of titles, the latest first.
const KEPT: usize = 20;

/// Remembers what the columns of a file are.
pub fn keep(file: &File) {
    if let Some(titles) = number_of(file) {
        remember(
            KEY,
            Some(&with(
                &remembered(KEY).unwrap_or_default(),
                &titles,
                &file.mapping,
            )),
        );
    }
}

/// Makes of the columns what was made of those with the same titles before.
pub fn apply(file: &mut File) {
    if let Some(titles) = number_of(file) {
        take(
            &remembered(KEY).unwrap_or_default(),
            &titles,
            &mut file.mapping,
        );
    }
}

/// A number made of a file's titles (FNV-1a); `None` where it has none.
fn number_of(file: &File) -> Option<String> {
    file.table.head?;
    let titles = file.table.header.join("\n");
    let number = titles
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |number, byte| {
            (number ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
    Some(format!("{number:x}"))
}

/// What was kept, with the columns under these titles before all others.
fn with(kept: &str, titles: &str, mapping: &[Target]) -> String {
    let names: Vec<String> = mapping.iter().map(|target| target.name()).collect();
    let own = format!("{titles} {}", names.join(" "));
    let others = kept.lines().filter(|line| !is_of(line, titles));
    let lines: Vec<&str> = std::iter::once(own.as_str())
        .chain(others)
        .take(KEPT)
        .collect();
    lines.join("\n")
}

fn take(kept: &str, titles: &str, mapping: &mut [Target]) {
    let line = kept.lines().find(|line| is_of(line, titles));
    let names = line.unwrap_or_default().split(' ').skip(1);
    for (held, name) in mapping.iter_mut().zip(names) {
        // What nobody can choose, as the label of a number, is found anew.
        let chosen = Target::CHOICES.iter().find(|target| target.name() == name);
        *held = chosen.copied().unwrap_or(*held);
    }
}

fn is_of(line: &str, titles: &str) -> bool {
    line.split(' ').next() == Some(titles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_remembered_by_their_titles_alone() {
        let file = |text: &str| File::open(text.as_bytes()).unwrap();
        let mut first = file("Prénom;Kunde;Tél\nAnne;Cave;0297412006\n");
        let number = number_of(&first).unwrap();
        first.mapping[1] = Target::Company;
        first.mapping[2] = Target::Skip;
        let kept = with("", &number, &first.mapping);
        assert!(!kept.contains("Anne") && !kept.contains("Kunde"), "{kept}");

        let mut second = file("Prénom;Kunde;Tél\nPaul;Bar;0612457803\n");
        assert_eq!(number_of(&second).unwrap(), number);
        take(&kept, &number, &mut second.mapping);
        assert_eq!(second.mapping, first.mapping);

        let other = file("Prénom;Kunde;Mobil\nPaul;Bar;0612457803\n");
        assert_ne!(number_of(&other).unwrap(), number);
        assert_eq!(
            number_of(&file("Anne Le Goff;anne@cave.fr\nPaul Faure;p@cave.fr\n")),
            None
        );
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_latest_counts() {
        let mut kept = String::new();
        for at in 0..50 {
            kept = with(&kept, &at.to_string(), &[Target::Company]);
        }
        kept = with(&kept, "49", &[Target::LabelOf(1), Target::Tags, Target::Id]);
        assert_eq!(kept.lines().count(), KEPT);
        let mut mapping = [Target::Skip, Target::Skip];
        take(&kept, "0", &mut mapping);
        assert_eq!(mapping, [Target::Skip; 2]);
        take(&kept, "49", &mut mapping);
        assert_eq!(mapping, [Target::Skip, Target::Tags]);
    }
}
