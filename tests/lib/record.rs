//! Writes down which fault of docs/reliability.md a test injected and what it saw. `cargo xtask test`
//! names the file for it; where nobody asks, nothing is written.

use std::fmt::Display;
use std::io::Write;

/// `fault!("F22", injected, seen)`, at the end of a test: what was done, and what came of it.
macro_rules! fault {
    ($row:literal, $injected:expr, $seen:expr) => {{
        fn here() {}
        let test = std::any::type_name_of_val(&here);
        $crate::record::write($row, file!(), test, &$injected, &$seen);
    }};
}
pub(crate) use fault;

/// Appends a record in one piece: other tests write to the same file.
pub fn write(row: &str, file: &str, here: &str, injected: &dyn Display, seen: &dyn Display) {
    let Some(records) = std::env::var_os("TERRAIN_FAULTS") else {
        return;
    };
    let test = here
        .rsplit("::")
        .find(|part| !matches!(*part, "here" | "{{closure}}"));
    let test = test.unwrap_or(here);
    let line = format!("{row}\t{file}\t{test}\t{injected}\t{seen}\n");
    let mut options = std::fs::OpenOptions::new();
    let file = options.append(true).create(true).open(records);
    let written = file.and_then(|mut file| file.write_all(line.as_bytes()));
    written.expect("the file that xtask named can be written");
}
