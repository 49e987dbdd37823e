//! Any bytes are a package or an error, and each definition of one can be read.
#![no_main]

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use proofmark::package::Package;

fuzz_target!(|bytes: &[u8]| {
    look_at(bytes);
    // Few random bytes are well-formed gzip: the same bytes as the archive within.
    let mut archive = GzEncoder::new(Vec::new(), Compression::none());
    if archive.write_all(bytes).is_ok()
        && let Ok(archive) = archive.finish()
    {
        look_at(&archive);
    }
});

fn look_at(archive: &[u8]) {
    let Ok(package) = Package::from_archive("fuzz.tgz", archive) else { return };
    for definition in &package.definitions {
        let _ = definition.tree();
    }
    for problem in &package.problems {
        let _ = problem.to_string();
    }
}
