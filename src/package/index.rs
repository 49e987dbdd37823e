//! What a package holds, without reading all of it: `.index.json`, or the first look at each file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::definition::{Content, Place};
use super::{Definition, Problem};
use crate::fhir::{ParseError, parse};
use crate::files::Folder;

const INDEX: &str = ".index.json";
pub(super) const MANIFEST: &str = "package.json";

/// What is of use in a package, and what should have been.
pub(super) type Found = (Vec<Definition>, Vec<Problem>);

/// The conformance resources directly in a folder, and the files that could not be used.
///
/// An index is a shortcut and nothing to be trusted: only files that are there are taken from it, those
/// that it does not name are looked at, and what it says of a file is compared when that is read.
pub(super) fn of_folder(label: &str, folder: &Folder) -> std::io::Result<Found> {
    let indexed = indexed(folder);
    let (mut definitions, mut problems) = (Vec::new(), Vec::new());
    for name in folder.files_here()? {
        if !is_resource(&name) {
            continue;
        }
        let file = format!("{label}/{name}");
        match indexed.get(&name) {
            Some(None) => {}
            Some(Some(identity)) => {
                let place = Place::File { folder: folder.clone(), name };
                definitions.push(identity.clone().definition(file, place));
            }
            None => match folder.read(&name) {
                Ok(bytes) => match look(bytes, &file) {
                    Ok(found) => definitions.extend(found),
                    Err(error) => problems.push(Problem::malformed(file, &error)),
                },
                Err(error) => {
                    let message = format!("cannot be read: {error}");
                    problems.push(Problem { file, position: None, message });
                }
            },
        }
    }
    Ok((definitions, problems))
}

/// The same of files in memory.
pub(super) fn of_files(label: &str, files: Vec<(String, Vec<u8>)>) -> Found {
    let (mut definitions, mut problems) = (Vec::new(), Vec::new());
    for (name, bytes) in files.into_iter().filter(|(name, _)| is_resource(name)) {
        let file = format!("{label}/{name}");
        match look(Cow::Owned(bytes), &file) {
            Ok(found) => definitions.extend(found),
            Err(error) => problems.push(Problem::malformed(file, &error)),
        }
    }
    (definitions, problems)
}

/// Whether a file of that name can hold a resource.
pub(super) fn is_resource(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    let of_resource = extension.is_some_and(|extension| {
        extension.eq_ignore_ascii_case("json") || extension.eq_ignore_ascii_case("xml")
    });
    of_resource && !name.starts_with('.') && name != MANIFEST
}

/// The first look at a file: its type, URL and version. JSON is only skimmed; the tree is made when the
/// definition is used, of the same bytes. Search parameters are few and are found by what they hold, so they are read.
fn look(bytes: Cow<'static, [u8]>, file: &str) -> Result<Option<Definition>, ParseError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let Ok(head) = serde_json::from_slice::<Head>(text) else {
        // It is XML, or JSON that our own parser tells more of.
        return Ok(Definition::of(parse(&bytes)?, file.to_owned()));
    };
    if head.resource_type.as_deref() == Some("SearchParameter") {
        return Ok(Definition::of(parse(&bytes)?, file.to_owned()));
    }
    Ok(head.identity().map(|identity| identity.definition(file.to_owned(), Place::Memory(bytes))))
}

/// What is known of a definition before it is read.
#[derive(Clone)]
struct Identity {
    resource_type: String,
    url: String,
    version: Option<String>,
}

impl Identity {
    fn definition(self, file: String, place: Place) -> Definition {
        Definition {
            resource_type: self.resource_type,
            url: self.url,
            version: self.version,
            search: None,
            file,
            content: Content::stored(place),
        }
    }
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    url: Option<Text>,
    version: Option<Text>,
}

/// A text, where there is one; other types of resources have other things of that name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Other(IgnoredAny),
}

impl Text {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

impl Head {
    fn identity(self) -> Option<Identity> {
        Some(Identity {
            resource_type: self.resource_type?,
            url: self.url?.text()?.trim().to_owned(),
            version: self.version.and_then(Text::text),
        })
    }
}

#[derive(Deserialize)]
struct Index {
    files: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    filename: String,
    #[serde(flatten)]
    head: Head,
}

/// What `.index.json` says of each file; nothing for those that must be looked at, `None` for those that
/// hold no definition. An index that cannot be read is no index.
fn indexed(folder: &Folder) -> HashMap<String, Option<Identity>> {
    let index = folder.read(INDEX).ok().and_then(|bytes| serde_json::from_slice::<Index>(&bytes).ok());
    let entries = index.map(|index| index.files).unwrap_or_default();
    entries
        .into_iter()
        .filter(|entry| entry.head.resource_type.as_deref() != Some("SearchParameter"))
        .map(|entry| (entry.filename, entry.head.identity()))
        .collect()
}
