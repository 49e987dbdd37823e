//! Registries and archives that mean harm or are broken: refused clearly, and nothing is left behind.

use std::io::Write as _;

use serde_json::json;

use crate::endpoint::response;
use crate::packages::{cached, install, published, says};
use crate::registry::{Published, Registry, archive, serve, with_manifest};
use crate::workspace::Workspace;

#[test]
fn an_archive_that_is_not_what_it_should_be_leaves_nothing() {
    let good = published().remove(0);
    let wrong_sum = Published { shasum: "00".repeat(20), ..good.clone() };
    let page = Published::new("example.base", "1.0.0", b"<!DOCTYPE html><p>Log in</p>".to_vec());
    let cut = Published::new("example.base", "1.0.0", good.archive[..good.archive.len() / 2].to_vec());
    let manifest = json!({ "name": "example.other", "version": "1.0.0" });
    let another = with_manifest("example.base", "1.0.0", &manifest, &[]);
    for (published, message) in [
        (wrong_sum, "the archive is not what the registry says: its sha1 is"),
        (page, "not a gzipped tar archive"),
        (cut, "example.base#1.0.0"),
        (another, "the archive holds another package, example.other#1.0.0"),
    ] {
        let (workspace, registry) = (Workspace::new(), Registry::start(&[published]));
        let ended = install(&workspace, &registry, &["example.base#1.0.0"]);
        assert_eq!(ended.code, 2, "{message}: {}", ended.stdout);
        let words = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        says(&words, &[message]);
        assert!(cached(&workspace).is_empty(), "{message}: {:?}", cached(&workspace));
    }
}

#[test]
fn answers_that_are_no_registrys_say_so() {
    let packages = published();
    let login = Registry::answering(|_, stream| {
        let page = response("200 OK", "Content-Type: text/html\r\n", "<!DOCTYPE html><html>Log in</html>");
        let _ = stream.write_all(page.as_bytes());
    });
    let short = Registry::answering(move |path, stream| {
        if path.contains("/-/") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\x1f\x8b");
        } else {
            serve(&packages, path, stream);
        }
    });
    let away = Registry::answering(|_, stream| {
        let _ = stream.write_all(response("302 Found", "Location: http://192.0.2.1/x\r\n", "").as_bytes());
    });
    let circle = Registry::answering(|_, stream| {
        let _ = stream.write_all(response("302 Found", "Location: /fhir/again\r\n", "").as_bytes());
    });
    for (registry, message) in [
        (&login, "a web page, and not the JSON of a registry"),
        (&short, "the answer ends after 2 bytes"),
        (&away, "http://192.0.2.1/x is refused: only https"),
        (&circle, "more than 5 redirects"),
    ] {
        let workspace = Workspace::new();
        let ended = install(&workspace, registry, &["example.base#1.0.0"]);
        assert_eq!(ended.code, 2, "{message}");
        says(&ended.stderr.split_whitespace().collect::<Vec<_>>().join(" "), &[message]);
        assert!(cached(&workspace).is_empty());
    }
    let ended = Workspace::new().run(&["package", "install", "--registry", "http://192.0.2.1", "a.b"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["a registry is asked over https"]);
}

#[test]
fn a_hostile_archive_writes_nothing() {
    use tar::EntryType;
    let file = |path: &str, content: &[u8]| (EntryType::Regular, path.to_owned(), content.to_vec());
    let manifest = file("package/package.json", br#"{"name":"example.base","version":"1.0.0"}"#);
    let entry = |kind| (kind, "package/evil".to_owned(), Vec::new());
    let many = (0..100_001).map(|number| file(&format!("package/{number}"), b"")).collect::<Vec<_>>();
    let elsewhere = tempfile::tempdir().unwrap();
    let absolute = elsewhere.path().join("outside");
    let cases: Vec<(&str, Vec<_>)> = vec![
        ("a path that leaves the folder", vec![file("../outside", b"x")]),
        ("a path that leaves the folder", vec![file("package/../../../outside", b"x")]),
        ("a path that leaves the folder", vec![file(absolute.to_str().unwrap(), b"x")]),
        ("is a link or a device", vec![entry(EntryType::Symlink), file("package/evil/outside", b"x")]),
        ("is a link or a device", vec![entry(EntryType::Link)]),
        ("is a link or a device", vec![entry(EntryType::Char)]),
        ("more than one entry at package/package.json", vec![manifest.clone()]),
        ("more than 100000 entries", many),
        ("more than 64 MB in one file", vec![file("package/big.json", &vec![b' '; 65 << 20])]),
        ("a path that not every system has", vec![file("package/con.json", b"x")]),
    ];
    for (message, mut entries) in cases {
        entries.insert(0, manifest.clone());
        let packed = Published::new("example.base", "1.0.0", archive(&entries));
        let workspace = Workspace::new();
        workspace.write("evil.tgz", "");
        std::fs::write(workspace.path("evil.tgz"), &packed.archive).unwrap();
        let registry = Registry::start(&[packed]);
        let ended = install(&workspace, &registry, &["example.base#1.0.0"]);
        assert_eq!(ended.code, 2, "{message}: {}", ended.stdout);
        says(&ended.stderr.split_whitespace().collect::<Vec<_>>().join(" "), &[message]);
        assert!(cached(&workspace).is_empty(), "{message}: {:?}", cached(&workspace));
        for outside in ["outside", ".fhir/outside", ".fhir/packages/outside"] {
            assert!(!workspace.path(outside).exists(), "{message}: {outside}");
        }
        assert!(!absolute.exists());
        // The same archive as a file is refused as well, unless only its unpacking would do harm.
        if !message.contains("more than one entry") {
            workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
            let ended = workspace.run(&["validate", "--package", "evil.tgz", "p.json"]);
            assert_eq!(ended.code, 2, "{message}");
            says(&ended.stderr, &[message]);
        }
    }
}

#[test]
fn a_registry_that_sends_without_end_is_left() {
    let packages = published();
    let registry = Registry::answering(move |path, stream| {
        if path.contains("/-/") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            let block = vec![0; 1 << 20];
            for _ in 0..300 {
                if stream.write_all(&block).is_err() {
                    return;
                }
            }
        } else {
            serve(&packages, path, stream);
        }
    });
    let workspace = Workspace::new();
    let ended = install(&workspace, &registry, &["example.base#1.0.0"]);
    assert_eq!(ended.code, 2);
    says(
        &ended.stderr.split_whitespace().collect::<Vec<_>>().join(" "),
        &["the answer is larger than 256 MB"],
    );
    assert!(cached(&workspace).is_empty());
}
