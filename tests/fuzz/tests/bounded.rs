//! Every target for a few seconds, always with the same inputs, in a process of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

fn fuzz(words: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fuzz"));
    let output = command.args(words).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

fn check(target: &str, inputs: &str) {
    let (is_fine, said) = fuzz(&[target, "--inputs", inputs]);
    println!("{said}");
    assert!(is_fine, "{said}");
}

#[test]
fn frames_to_the_room_are_read_or_refused() {
    check("to-room", "20000");
}

#[test]
fn frames_to_a_device_are_read_or_refused() {
    check("to-client", "20000");
}

#[test]
fn batches_are_unpacked_or_refused() {
    check("packed", "600");
}

#[test]
fn parcels_are_opened_or_refused() {
    check("parcel", "1000");
}

#[test]
fn headers_say_what_automerge_reads() {
    check("header", "4000");
}

#[test]
fn operations_are_counted_as_they_unfold() {
    check("columns", "4000");
}

#[test]
fn what_the_validator_accepts_can_be_kept() {
    check("validator", "50");
}

#[test]
fn every_line_of_a_dropped_file_is_accounted_for() {
    check("csv", "500");
}

#[test]
fn every_target_is_run_here() {
    let (_, list) = fuzz(&["list"]);
    let here = include_str!("bounded.rs");
    for target in list.lines() {
        assert!(here.contains(&format!("check(\"{target}\"")), "{target}");
    }
}
