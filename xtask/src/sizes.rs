//! What a first visit transfers and what the edge workers weigh, against the budgets.
//!
//! A budget is what we aim at; a ceiling is what was reached: going over it fails the tests, so that sizes only sink.
use crate::bundle::{Bundle, is_needed_offline};
use crate::{compress, place, sources};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

/// One measured size beside its budget, in bytes.
#[derive(Serialize, Deserialize)]
pub struct Size {
    /// What was measured.
    pub name: String,
    /// Its length as built.
    pub raw: usize,
    /// Its length as it travels.
    pub packed: usize,
    /// The packing: "brotli" or "gzip".
    pub packing: String,
    /// What we aim at, packed.
    pub budget: usize,
    /// What was reached, packed, with a little room; never more than this.
    pub ceiling: usize,
}

/// Measures the page's files and writes them down.
pub fn measure_page(bundle: &Bundle) -> Result<()> {
    let weigh = |name: &str, paths: Vec<&String>, budget: usize, ceiling: usize| -> Result<Size> {
        let (mut raw, mut packed) = (0, 0);
        for path in paths {
            let bytes = &bundle.files[path];
            raw += bytes.len();
            packed += packed_size(path, bytes)?;
        }
        Ok(Size {
            name: name.into(),
            raw,
            packed,
            packing: "brotli".into(),
            budget,
            ceiling,
        })
    };
    write(
        "page",
        &[
            weigh(
                "page wasm and glue",
                bundle.page.iter().collect(),
                280_000,
                // reading what every region shows, typing that keeps its letters, drafts, undo beside a colleague, questions of an import
                513_000,
            )?,
            weigh(
                "engine wasm and glue",
                bundle.engine.iter().collect(),
                420_000,
                // snapshots on the device: docs/adr/0018; where the checkout lies moves a few hundred bytes
                535_000,
            )?,
            weigh(
                "all files of a first visit",
                bundle
                    .files
                    .keys()
                    .filter(|path| is_needed_offline(path))
                    .collect(),
                800_000,
                1_097_000,
            )?,
        ],
    )
}

/// Measures both edge workers together and writes it down.
pub fn measure_workers(scripts: &[PathBuf]) -> Result<()> {
    let (mut raw, mut packed) = (0, 0);
    for script in scripts {
        let bytes =
            fs::read(script).with_context(|| format!("the build made no {}", script.display()))?;
        raw += bytes.len();
        packed += compress::gzip_size(&bytes)?;
    }
    write(
        "workers",
        &[Size {
            name: "both edge workers".into(),
            raw,
            packed,
            packing: "gzip".into(),
            budget: 1_000_000,
            ceiling: 1_012_000,
        }],
    )
}

/// Prints every written size beside its budget.
pub fn print() -> Result<Vec<Size>> {
    let sizes: Vec<Size> = ["page", "workers"]
        .into_iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    println!(
        "\n{:<28} {:>10} {:>20} {:>10}",
        "", "raw", "as it travels", "budget"
    );
    for size in &sizes {
        let mark = if size.packed > size.budget {
            "  over budget"
        } else {
            ""
        };
        println!(
            "{:<28} {:>10} {:>20} {:>10}{mark}",
            size.name,
            kilobytes(size.raw),
            format!("{} {}", size.packing, kilobytes(size.packed)),
            kilobytes(size.budget)
        );
    }
    Ok(sizes)
}

/// Prints every written size; fails when one is over its ceiling.
pub fn check() -> Result<()> {
    let sizes = print()?;
    if let Some(over) = sizes.iter().find(|size| size.packed > size.ceiling) {
        bail!(
            "{} are {} larger than they were: find out why, or raise the ceiling with a reason",
            over.name,
            kilobytes(over.packed - over.ceiling)
        );
    }
    Ok(())
}

/// Pictures are packed already; everything else is served packed.
fn packed_size(path: &str, bytes: &[u8]) -> Result<usize> {
    if path.ends_with(".png") {
        return Ok(bytes.len());
    }
    let known = place::notes().join("brotli").join(sources::hex(bytes));
    if let Some(size) = fs::read_to_string(&known)
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Ok(size);
    }
    let size = compress::brotli_size(bytes)?;
    fs::create_dir_all(place::notes().join("brotli"))?;
    fs::write(known, size.to_string())?;
    Ok(size)
}

fn write(name: &str, sizes: &[Size]) -> Result<()> {
    fs::create_dir_all(place::notes())?;
    Ok(fs::write(
        place::notes().join(format!("sizes-{name}.json")),
        serde_json::to_string(sizes)?,
    )?)
}

fn read(name: &str) -> Result<Vec<Size>> {
    let text = fs::read_to_string(place::notes().join(format!("sizes-{name}.json")))?;
    Ok(serde_json::from_str(&text)?)
}

fn kilobytes(bytes: usize) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_thousands_of_bytes() {
        assert_eq!(kilobytes(280_000), "280.0 kB");
        assert_eq!(kilobytes(1_249), "1.2 kB");
    }
}
