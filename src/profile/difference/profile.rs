//! Two versions of one profile.

use schemars::JsonSchema;
use serde::Serialize;

use super::walk::{Side, Walk};
use super::{Answer, Direction, ElementDifference, Gap, may_fail};
use crate::profile::definition::StructureDefinition;
use crate::profile::{SchemaError, SchemaSet};

/// Which profile it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileIdentity {
    /// Its canonical URL.
    pub url: String,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The type that it constrains or defines.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it builds on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

/// What differs between two versions of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileDifference {
    /// The older version.
    pub older: ProfileIdentity,
    /// The newer version.
    pub newer: ProfileIdentity,
    /// Whether a record that met the older version may fail the newer.
    pub older_may_fail: Answer,
    /// Whether a record that meets the newer version may fail the older.
    pub newer_may_fail: Answer,
    /// The elements that differ, in the order of the newer version; those that it lacks come last among
    /// their siblings.
    pub elements: Vec<ElementDifference>,
    /// What could not be compared.
    pub gaps: Vec<Gap>,
}

impl ProfileDifference {
    /// Compares two profiles, each given by the definitions at hand and its canonical. Their snapshots are
    /// made from their differentials.
    ///
    /// # Errors
    /// One of the two is not there or cannot be used.
    pub fn between(older: (&SchemaSet, &str), newer: (&SchemaSet, &str)) -> Result<Self, SchemaError> {
        let (old, old_root) = older.0.tree(older.1)?;
        let (new, new_root) = newer.0.tree(newer.1)?;
        let mut walk =
            Walk::new(Side { set: older.0, root: &old_root }, Side { set: newer.0, root: &new_root });
        if old.type_name == new.type_name {
            walk.compare(&new.type_name, &old_root, &new_root);
        } else {
            let reason = format!(
                "their elements were not compared: one is of type {}, the other of type {}",
                old.type_name, new.type_name
            );
            walk.gaps.push(Gap { reason, elements: Vec::new() });
        }
        let (elements, gaps) = (walk.differences, walk.gaps);
        Ok(Self {
            older: ProfileIdentity::of(&old),
            newer: ProfileIdentity::of(&new),
            older_may_fail: may_fail(&elements, &gaps, Direction::Tighter),
            newer_may_fail: may_fail(&elements, &gaps, Direction::Looser),
            elements,
            gaps,
        })
    }

    /// How many changes go this way.
    #[must_use]
    pub fn count(&self, direction: Direction) -> usize {
        let changes = self.elements.iter().flat_map(|element| &element.changes);
        changes.filter(|change| change.direction == direction).count()
    }
}

impl ProfileIdentity {
    /// The identity of a profile, if it is at hand.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn read(set: &SchemaSet, canonical: &str) -> Result<Self, SchemaError> {
        set.definition(canonical).map(|definition| Self::of(&definition))
    }

    fn of(definition: &StructureDefinition) -> Self {
        Self {
            url: definition.url.clone(),
            version: definition.version.clone(),
            type_name: definition.type_name.clone(),
            base: definition.base.clone(),
        }
    }
}
