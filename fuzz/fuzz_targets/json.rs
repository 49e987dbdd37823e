//! Any text that reads as JSON comes back when its tree is written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofmark::fhir::{parse_json, write_json};

fuzz_target!(|text: &str| {
    let Ok(tree) = parse_json(text) else { return };
    for element in tree.root().descendants() {
        let _ = (element.path(), element.position());
    }
    let written = write_json(tree.root(), &());
    let again = parse_json(&written).expect("what was written is JSON");
    assert!(tree.root().same_content(again.root()), "{text}\nbecame\n{written}");
    assert_eq!(write_json(again.root(), &()), written);
});
