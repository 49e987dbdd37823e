//! A package registry on loopback, and archives for it: good ones and hostile ones.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use crate::endpoint::{Endpoint, response};

/// One version of a package, as a registry serves it.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) archive: Vec<u8>,
    /// The sha1 that the registry states; the right one, unless a test sets another.
    pub(crate) shasum: String,
}

impl Published {
    pub(crate) fn new(name: &str, version: &str, archive: Vec<u8>) -> Self {
        let shasum = sha1_of(&archive);
        Self { name: name.to_owned(), version: version.to_owned(), archive, shasum }
    }
}

fn sha1_of(bytes: &[u8]) -> String {
    use sha1::Digest as _;
    hex::encode(sha1::Sha1::digest(bytes))
}

/// A registry that keeps what it was asked.
pub(crate) struct Registry {
    endpoint: Endpoint,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    pub(crate) fn start(packages: &[Published]) -> Self {
        let packages = packages.to_vec();
        Self::answering(move |path, stream| serve(&packages, path, stream))
    }

    /// A registry whose answers are given by a function of the path.
    pub(crate) fn answering(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let endpoint = Endpoint::start(move |line, stream| {
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            seen.lock().unwrap().push(path.clone());
            answer(path.strip_prefix("/fhir").unwrap_or(&path), stream);
        });
        Self { endpoint, asked }
    }

    pub(crate) fn url(&self) -> &str {
        &self.endpoint.url
    }

    /// The paths that were asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers as a registry does: the document of a package, or an archive.
pub(crate) fn serve(packages: &[Published], path: &str, stream: &mut TcpStream) {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        [name] => match document(packages, name, stream.local_addr().unwrap().port()) {
            Some(document) => {
                let head = "Content-Type: application/json\r\n";
                let _ = stream.write_all(response("200 OK", head, &document.to_string()).as_bytes());
            }
            None => {
                let _ =
                    stream.write_all(response("404 Not Found", "", "{\"error\":\"not found\"}").as_bytes());
            }
        },
        [name, "-", version] => {
            let found = packages.iter().find(|package| package.name == *name && package.version == *version);
            send(&found.unwrap().archive, stream);
        }
        _ => panic!("the registry was asked for {path}"),
    }
}

/// Sends an archive.
fn send(archive: &[u8], stream: &mut TcpStream) {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", archive.len());
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(archive);
}

fn document(packages: &[Published], name: &str, port: u16) -> Option<Value> {
    let mut versions = Map::new();
    for package in packages.iter().filter(|package| package.name == name) {
        let version = &package.version;
        let tarball = format!("http://127.0.0.1:{port}/fhir/{name}/-/{version}");
        versions.insert(
            version.clone(),
            json!({ "name": name, "version": version,
                    "dist": { "tarball": tarball, "shasum": package.shasum } }),
        );
    }
    (!versions.is_empty()).then(|| json!({ "name": name, "versions": versions }))
}

/// A package: its package.json, and files in `package/`.
pub(crate) fn package(name: &str, version: &str, dependencies: &Value, files: &[(&str, &str)]) -> Published {
    let manifest = json!({
        "name": name, "version": version, "title": format!("Test {name}"), "type": "fhir.ig",
        "fhirVersions": ["3.0.2"], "dependencies": dependencies,
    });
    with_manifest(name, version, &manifest, files)
}

/// A package with a package.json of one's own.
pub(crate) fn with_manifest(
    name: &str,
    version: &str,
    manifest: &Value,
    files: &[(&str, &str)],
) -> Published {
    let manifest = manifest.to_string();
    let mut entries =
        vec![(tar::EntryType::Regular, "package/package.json".to_owned(), manifest.into_bytes())];
    for (file, content) in files {
        let path = format!("package/{file}");
        entries.push((tar::EntryType::Regular, path, content.as_bytes().to_vec()));
    }
    Published::new(name, version, archive(&entries))
}

/// An archive with entries of any kind; paths are written as they are, whatever they lead to.
pub(crate) fn archive(entries: &[(tar::EntryType, String, Vec<u8>)]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for (kind, path, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o6777);
        header.set_size(content.len() as u64);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("../../../outside").unwrap();
        }
        header.set_cksum();
        gzip.write_all(header.as_bytes()).unwrap();
        gzip.write_all(content).unwrap();
        gzip.write_all(&vec![0; content.len().next_multiple_of(512) - content.len()]).unwrap();
    }
    gzip.write_all(&[0; 1024]).unwrap();
    gzip.finish().unwrap()
}
