//! Tables of a supplier's in which its own values stand beside the logical names of the data contract.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::loaded::suggest;
use super::{Document, FileError, LOGICAL_ID, Manifest};

/// What a table in CSV says: a logical name in each row, and the supplier's own value for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataMap {
    /// The heading of the column of logical names.
    pub name: String,
    /// The heading of the column of the supplier's own values.
    pub value: String,
    /// Which value of the data they are.
    pub gives: String,
    /// The logical names that are expected in it; others are passed over.
    #[schemars(length(min = 1))]
    pub names: Vec<String>,
}

/// Checks every table: the names are of the data contract, and what is given for them is a value of theirs.
pub(super) fn check_maps(manifest: &Manifest, document: &Document, errors: &mut Vec<FileError>) {
    let known: Vec<String> = manifest.data.keys().cloned().collect();
    for (file, map) in &manifest.maps {
        let pointer = format!("/maps/{}", file.replace('~', "~0").replace('/', "~1"));
        if file.contains(['/', '\\']) {
            errors.push(document.error(&pointer, "it is the name of a file, with no folder"));
        }
        for (index, name) in map.names.iter().enumerate() {
            let at = format!("{pointer}/names/{index}");
            let Some(need) = manifest.data.get(name) else {
                let error = document.error(&at, format!("there is no data `{name}`"));
                errors.push(suggest(error.hint("name data of this standard"), name, &known));
                continue;
            };
            if map.gives != LOGICAL_ID && !need.value_names().any(|value| *value == map.gives) {
                errors.push(document.error(&at, format!("`{name}` has no value `{}`", map.gives)));
            }
        }
    }
}
