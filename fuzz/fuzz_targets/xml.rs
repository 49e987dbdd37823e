//! Any bytes that read as XML come back when their tree is written, and become JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofmark::fhir::{Format, parse, parse_json, parse_xml, write_json, write_xml};

fuzz_target!(|bytes: &[u8]| {
    let Ok(tree) = parse(bytes) else { return };
    if tree.format() != Format::Xml {
        return;
    }
    let written = write_xml(tree.root(), &()).expect("what was XML can be XML");
    let again = parse_xml(&written).expect("what was written is XML");
    assert!(tree.root().same_content(again.root()), "{}\nbecame\n{written}", tree.source());
    parse_json(&write_json(tree.root(), &())).expect("what was written is JSON");
});
