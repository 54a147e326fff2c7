//! Replays the kept fuzz corpora: what fuzzing found interesting once must go well in every test
//! run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod targets;

use std::fs;
use std::path::Path;

#[test]
fn every_kept_input_of_every_fuzz_target_goes_well() {
    for (name, run) in targets::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let files: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|_| panic!("no corpus for {name}"))
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(!files.is_empty(), "{name}");
        for file in files {
            println!("{}", file.display());
            run(&fs::read(&file).unwrap());
        }
    }
}

#[test]
fn every_fuzz_target_is_replayed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut programs: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut replayed: Vec<_> =
        targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    programs.sort();
    replayed.sort();
    assert_eq!(programs, replayed);
}
