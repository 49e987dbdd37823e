//! An example, and all places in it where a fault can be put.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::definitions::{Definition, Definitions};

/// One element of an example.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// Its JSON pointer.
    pub(super) pointer: String,
    /// Its path, as issues name it.
    pub(super) path: String,
    /// The path of the element around it.
    pub(super) parent: String,
    /// Its definition; none for the resource itself.
    pub(super) definition: Option<Rc<Definition>>,
    /// The type that it has, or its path where it has parts of its own.
    pub(super) type_name: String,
}

/// An example, and its elements.
pub(super) struct Subject<'d> {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) type_name: String,
    pub(super) sites: Vec<Site>,
    pub(super) definitions: &'d Definitions<'d>,
}

/// An example with a fault in it.
pub(super) struct Planted {
    pub(super) value: Value,
    /// The places that an error may name.
    pub(super) places: Vec<String>,
}

impl Planted {
    /// Whether a path is that of the fault, or is within it.
    pub(super) fn is_at(&self, path: &str) -> bool {
        self.places.iter().any(|place| {
            path.strip_prefix(place.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }
}

impl<'d> Subject<'d> {
    pub(super) fn read(name: String, value: Value, definitions: &'d Definitions<'d>) -> Option<Self> {
        let type_name = value.get("resourceType")?.as_str()?.to_owned();
        let mut sites = Vec::new();
        let root = Site {
            pointer: String::new(),
            path: type_name.clone(),
            parent: String::new(),
            definition: None,
            type_name: type_name.clone(),
        };
        collect(value.as_object()?, &root, definitions, &mut sites);
        sites.push(root);
        Some(Self { name, value, type_name, sites, definitions })
    }

    /// One of the sites that fit: always the same one of the same example.
    pub(super) fn pick(&self, kind: &str, fits: impl Fn(&Site) -> bool) -> Option<&Site> {
        let fitting: Vec<&Site> = self.sites.iter().filter(|site| fits(site)).collect();
        let mut hasher = DefaultHasher::new();
        (kind, &self.name).hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % fitting.len().max(1) as u64).ok()?;
        fitting.get(index).copied()
    }

    pub(super) fn at(&self, site: &Site) -> &Value {
        self.value.pointer(&site.pointer).unwrap_or(&Value::Null)
    }

    /// The example with the value at a site replaced.
    pub(super) fn with(&self, site: &Site, value: Value) -> Planted {
        let mut changed = self.value.clone();
        if let Some(place) = changed.pointer_mut(&site.pointer) {
            *place = value;
        }
        Planted { value: changed, places: vec![site.path.clone()] }
    }

    /// The example with the object at a site changed.
    pub(super) fn with_object(&self, site: &Site, change: impl FnOnce(&mut Map<String, Value>)) -> Planted {
        let mut object = self.at(site).as_object().cloned().unwrap_or_default();
        change(&mut object);
        self.with(site, Value::Object(object))
    }

    /// The site of the element around a site.
    pub(super) fn around(&self, site: &Site) -> Option<&Site> {
        self.sites.iter().find(|other| other.path == site.parent)
    }
}

fn collect(object: &Map<String, Value>, parent: &Site, definitions: &Definitions<'_>, sites: &mut Vec<Site>) {
    for definition in definitions.children(&parent.type_name).iter() {
        let found = object.iter().find_map(|(key, value)| Some((key, value, definition.type_of(key)?)));
        let Some((key, value, type_name)) = found else { continue };
        let site = |index: Option<usize>, value: &Value| {
            let own = value.get("resourceType").and_then(Value::as_str);
            let (pointer, path) = match index {
                Some(index) => (format!("/{index}"), format!("[{index}]")),
                None => (String::new(), String::new()),
            };
            Site {
                pointer: format!("{}/{key}{pointer}", parent.pointer),
                path: format!("{}.{key}{path}", parent.path),
                parent: parent.path.clone(),
                definition: Some(Rc::clone(definition)),
                type_name: own.unwrap_or(type_name).to_owned(),
            }
        };
        match value {
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    add(site(Some(index), value), value, definitions, sites);
                }
            }
            value => add(site(None, value), value, definitions, sites),
        }
    }
}

fn add(site: Site, value: &Value, definitions: &Definitions<'_>, sites: &mut Vec<Site>) {
    if let Some(object) = value.as_object() {
        collect(object, &site, definitions, sites);
    }
    if !value.is_null() {
        sites.push(site);
    }
}
