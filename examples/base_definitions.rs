//! Makes the compact base definitions of a FHIR release out of a published FHIR package.
//!
//! ```text
//! cargo run --example base_definitions -- hl7.fhir.r3.examples-3.0.2.tgz profiles/hl7.fhir.r3.core/3.0.2
//! ```
//!
//! The folder's last two parts are the name and the version of the package to make. Two files are written
//! there: `definitions.zip`, one entry a definition (`StructureDefinition-Patient.json`, compact JSON) behind an
//! `.index.json`, and `package.json`, which says where they came from. The same archive gives the same bytes at every run.
//!
//! Only facts are kept, no prose: see the shapes below. Types and resources keep their snapshot, profiles
//! and extensions their differential. Of the value sets and code systems, those stay that a binding leads
//! to; of a code system that is not complete, no codes. Logical models and examples of definitions are left
//! out.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::{self, BufReader, Cursor, Write};
use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Definitions by the name of their entry, `ResourceType-id.json`.
type Definitions = BTreeMap<String, Value>;

/// What is kept of an object, or of every object in a list: keys as they are, and keys of which a part is
/// kept. A key that ends in `*` stands for all that start so: `fixed*` for `fixedUri`, `fixedCode` and more.
type Shape = (&'static str, &'static [(&'static str, Part)]);

enum Part {
    Shape(&'static Shape),
    /// The shape that the key stands in.
    Same,
    /// The extensions with this URL.
    Extension(&'static str),
}

static STRUCTURE_DEFINITION: Shape = (
    "resourceType id url version name status fhirVersion kind abstract contextType context type \
     baseDefinition derivation",
    &[("snapshot", Part::Shape(&ELEMENTS)), ("differential", Part::Shape(&ELEMENTS))],
);
static ELEMENTS: Shape = ("", &[("element", Part::Shape(&ELEMENT))]);
static ELEMENT: Shape = (
    // `type` comes with the extensions that hold the regex, JSON type and XML type of a primitive.
    "id path representation sliceName min max base contentReference type defaultValue* fixed* pattern* \
     minValue* maxValue* maxLength condition mustSupport isModifier isSummary sliceIsConstraining",
    &[
        ("slicing", Part::Shape(&("discriminator ordered rules", &[]))),
        ("constraint", Part::Shape(&("key severity expression", &[]))),
        ("binding", Part::Shape(&BINDING)),
    ],
);
static BINDING: Shape = ("strength valueSet*", &[("extension", Part::Extension(MAX_VALUE_SET))]);
static SEARCH_PARAMETER: Shape = (
    "resourceType id url version name code base type expression target comparator modifier multipleOr \
     multipleAnd component",
    &[],
);
static VALUE_SET: Shape =
    ("resourceType id url version name status expansion", &[("compose", Part::Shape(&COMPOSE))]);
static COMPOSE: Shape = ("", &[("include", Part::Shape(&INCLUDE)), ("exclude", Part::Shape(&INCLUDE))]);
static INCLUDE: Shape =
    ("system version filter valueSet", &[("concept", Part::Shape(&("code display", &[])))]);
static CODE_SYSTEM: Shape = (
    "resourceType id url version name status caseSensitive valueSet hierarchyMeaning content",
    &[("concept", Part::Shape(&CONCEPT))],
);
static CONCEPT: Shape =
    ("code display property", &[("concept", Part::Same), ("modifierExtension", Part::Extension(SUBSUMES))]);

const MAX_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";
/// Names a code below this one that the tree has elsewhere; is-a needs it as much as the tree.
const SUBSUMES: &str = "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, folder] = arguments.as_slice() else {
        return Err("usage: base_definitions SOURCE.tgz FOLDER/NAME/VERSION".into());
    };
    let folder = Path::new(folder);
    let (name, version) = match (folder.parent().and_then(Path::file_name), folder.file_name()) {
        (Some(name), Some(version)) => (name.to_string_lossy(), version.to_string_lossy()),
        _ => return Err(format!("{}: the folder must end in NAME/VERSION", folder.display()).into()),
    };

    let archive = fs::read(source).map_err(|e| format!("{source}: {e}"))?;
    let (manifest, all) = read_package(&archive).map_err(|e| format!("{source}: {e}"))?;
    if text(&manifest, "/fhirVersions/0").is_none_or(|v| v != version) {
        return Err(format!("{source}: its fhirVersions does not say {version}").into());
    }

    let mut kept: Definitions =
        all.iter().filter_map(|(k, d)| Some((k.clone(), compact(d, &version)?))).collect();
    let terminology = reachable(&kept, &all);
    kept.extend(terminology);
    let definitions = pack(&kept)?;

    let hash =
        |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat();
    let package = json!({
        "name": name,
        "version": version,
        "description": "Base definitions in compact form: facts only, no prose",
        "license": manifest["license"],
        "canonical": manifest["canonical"],
        "url": manifest["url"],
        "fhirVersions": [version],
        "type": "fhir.core",
        "proofmark": {
            "source": { "name": manifest["name"], "version": manifest["version"], "sha256": hash(&archive) },
            "definitions": { "file": "definitions.zip", "entries": kept.len(), "sha256": hash(&definitions) },
        },
    });
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let package = format!("{package:#}\n").into_bytes();
    for (file, bytes) in [("definitions.zip", &definitions), ("package.json", &package)] {
        let path = folder.join(file);
        fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))?;
    }

    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for definition in kept.values() {
        *counts.entry(text(definition, "/resourceType").unwrap_or_default()).or_default() += 1;
    }
    writeln!(io::stdout(), "{}: {} bytes, {counts:?}", folder.display(), definitions.len())?;
    Ok(())
}

/// The manifest of a FHIR package and those of its resources that could be kept.
fn read_package(archive: &[u8]) -> Outcome<(Value, Definitions)> {
    let mut manifest = None;
    let mut all = Definitions::new();
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    for entry in tar.entries()? {
        let entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let Some(file) = path.strip_prefix("package/") else { continue };
        let kind = file.split_once('-').map_or(file, |(kind, _)| kind);
        let wanted = ["StructureDefinition", "SearchParameter", "ValueSet", "CodeSystem", "package.json"];
        if !wanted.contains(&kind) {
            continue;
        }
        let value: Value =
            serde_json::from_reader(BufReader::new(entry)).map_err(|e| format!("{path}: {e}"))?;
        match (text(&value, "/resourceType"), text(&value, "/id")) {
            _ if kind == "package.json" => manifest = Some(value),
            (Some(kind), Some(id)) => drop(all.insert(format!("{kind}-{id}.json"), value)),
            _ => return Err(format!("{path}: neither resourceType nor id may be missing").into()),
        }
    }
    Ok((manifest.ok_or("it has no package/package.json")?, all))
}

/// A structure definition or search parameter in compact form; none if it is of no use to a validator.
fn compact(definition: &Value, version: &str) -> Option<Value> {
    match text(definition, "/resourceType")? {
        "StructureDefinition" => {
            // Another version: the example of a StructureDefinition.
            if text(definition, "/fhirVersion")? != version || text(definition, "/kind")? == "logical" {
                return None;
            }
            let profile = text(definition, "/derivation") == Some("constraint");
            let needless = if profile { "snapshot" } else { "differential" };
            Some(without(needless, keep(definition, &STRUCTURE_DEFINITION)))
        }
        "SearchParameter" if !text(definition, "/id")?.starts_with("example") => {
            Some(keep(definition, &SEARCH_PARAMETER))
        }
        _ => None,
    }
}

/// The value sets that the bindings name, what these include and exclude, and the code systems of them all.
fn reachable(kept: &Definitions, all: &Definitions) -> Definitions {
    let by_url: BTreeMap<(&str, &str), (&String, &Value)> = all
        .iter()
        .filter_map(|(name, d)| Some(((text(d, "/resourceType")?, text(d, "/url")?), (name, d))))
        .collect();
    let mut found = Definitions::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<(&str, &str)> = kept.values().flat_map(bound).map(|url| ("ValueSet", url)).collect();
    while let Some((kind, url)) = open.pop() {
        let url = url.split_once('|').map_or(url, |(url, _)| url);
        let Some(&(name, definition)) = by_url.get(&(kind, url)).filter(|_| seen.insert((kind, url))) else {
            continue;
        };
        let copy = if kind == "CodeSystem" {
            let copy = keep(definition, &CODE_SYSTEM);
            if copy["content"] == "complete" { copy } else { without("concept", copy) }
        } else {
            let copy = keep(definition, &VALUE_SET);
            if copy["compose"].is_null() { copy } else { without("expansion", copy) }
        };
        found.insert(name.clone(), copy);
        for part in ["/compose/include", "/compose/exclude"].into_iter().flat_map(|p| list(definition, p)) {
            let value_sets = list(part, "/valueSet").iter().filter_map(Value::as_str);
            open.extend(value_sets.map(|url| ("ValueSet", url)));
            open.extend(text(part, "/system").map(|url| ("CodeSystem", url)));
        }
    }
    found
}

/// The URLs of the value sets that a structure definition binds.
fn bound(definition: &Value) -> Vec<&str> {
    let elements =
        ["/snapshot/element", "/differential/element"].into_iter().flat_map(|p| list(definition, p));
    let bindings = elements.filter_map(|element| element.get("binding"));
    let places = bindings.flat_map(|binding| list(binding, "/extension").iter().chain([binding]));
    // STU3 binds by `valueSetUri` or `valueSetReference`, R4 by `valueSet`; so do their extensions.
    let keys = [
        "/valueSet",
        "/valueSetUri",
        "/valueSetReference/reference",
        "/valueUri",
        "/valueReference/reference",
        "/valueCanonical",
    ];
    places.flat_map(|place| keys.into_iter().filter_map(|key| text(place, key))).collect()
}

/// A copy of `value` with nothing but what the shape keeps, in the order of the source.
fn keep(value: &Value, shape: &Shape) -> Value {
    let object = match value {
        Value::Array(items) => return items.iter().map(|item| keep(item, shape)).collect(),
        Value::Object(object) => object,
        _ => return value.clone(),
    };
    let (whole, parts) = shape;
    let is_whole = |key: &str| {
        let mut names = whole.split(' ');
        names.any(|name| name.strip_suffix('*').map_or(key == name, |start| key.starts_with(start)))
    };
    let mut copy = Map::new();
    for (key, child) in object {
        let kept = match parts.iter().find(|(name, _)| name == key).map(|(_, part)| part) {
            None if is_whole(key) => child.clone(),
            None => continue,
            Some(Part::Shape(inner)) => keep(child, inner),
            Some(Part::Same) => keep(child, shape),
            Some(Part::Extension(url)) => {
                let of_url = |extension: &&Value| text(extension, "/url") == Some(url);
                let extensions: Vec<&Value> = list(child, "").iter().filter(of_url).collect();
                if extensions.is_empty() {
                    continue;
                }
                json!(extensions)
            }
        };
        copy.insert(key.clone(), kept);
    }
    Value::Object(copy)
}

fn without(key: &str, mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.shift_remove(key);
    }
    value
}

/// What a reader needs to find a definition without opening them all, in the form of a FHIR package's own
/// index; search parameters are found by their base and code.
fn index(definitions: &Definitions) -> Value {
    let keys = ["resourceType", "id", "url", "version", "kind", "type", "base", "code"];
    let files: Vec<Value> = definitions
        .iter()
        .map(|(name, definition)| {
            let mut entry = Map::from_iter([("filename".to_owned(), json!(name))]);
            for key in keys.iter().filter(|key| !definition[**key].is_null()) {
                entry.insert((*key).to_owned(), definition[*key].clone());
            }
            Value::Object(entry)
        })
        .collect();
    json!({ "index-version": 1, "files": files })
}

/// The index, then one entry a definition, sorted by name, with a fixed time.
fn pack(definitions: &Definitions) -> Outcome<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(".index.json", options)?;
    zip.write_all(&serde_json::to_vec(&index(definitions))?)?;
    for (name, definition) in definitions {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(&serde_json::to_vec(definition)?)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
