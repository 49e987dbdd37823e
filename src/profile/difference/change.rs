//! One difference as data.

use schemars::JsonSchema;
use serde::Serialize;

/// Which way a change goes, seen from the older version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The newer version allows less or asks for more.
    Tighter,
    /// The newer version allows more or asks for less.
    Looser,
    /// The newer version asks for something else, or the definitions do not say which way it goes.
    Changed,
}

impl Direction {
    /// Tighter where the older version lacks something that the newer one asks, looser the other way round.
    pub(super) fn of(only_newer_asks: bool) -> Self {
        if only_newer_asks { Self::Tighter } else { Self::Looser }
    }

    /// From what the newer version no longer allows and what it now allows; `None` where that is nothing.
    pub(super) fn of_allowed(no_longer: bool, now: bool) -> Option<Self> {
        match (no_longer, now) {
            (true, true) => Some(Self::Changed),
            (true, false) => Some(Self::Tighter),
            (false, true) => Some(Self::Looser),
            (false, false) => None,
        }
    }
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// That the element or slice is defined at all.
    Presence,
    /// How many there must be; the values are whole cardinalities.
    Min,
    /// How many there may be; the values are whole cardinalities.
    Max,
    /// The types that it may have.
    Type,
    /// The profiles that a type must meet.
    Profile,
    /// What a reference may lead to.
    TargetProfile,
    /// The exact value.
    Fixed,
    /// The least that a value must hold.
    Pattern,
    /// The least value.
    MinValue,
    /// The greatest value.
    MaxValue,
    /// How long a text may be, in characters.
    MaxLength,
    /// How binding the value set is.
    BindingStrength,
    /// The value set.
    ValueSet,
    /// A rule (invariant), by its key.
    Constraint,
    /// Whether systems must support it.
    MustSupport,
    /// Whether it changes the meaning of others.
    IsModifier,
    /// Whether values outside the slices are allowed, their order, and what tells them.
    Slicing,
    /// The name of a slice.
    SliceName,
    /// The element whose content it shares.
    ContentReference,
}

/// One change of one aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What it is about.
    pub aspect: Aspect,
    /// Which way it goes.
    pub direction: Direction,
    /// Whether a record can be in error by it. A must-support flag, say, binds systems and not records.
    pub decides: bool,
    /// What the older version says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older: Option<String>,
    /// What the newer version says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer: Option<String>,
    /// The change in plain words.
    pub text: String,
}

impl Change {
    /// A change by which a record can be in error, as yet without values.
    pub(super) fn new(aspect: Aspect, direction: Direction, text: impl Into<String>) -> Self {
        Self { aspect, direction, decides: true, older: None, newer: None, text: text.into() }
    }

    /// With what the two versions say.
    pub(super) fn values(mut self, older: Option<String>, newer: Option<String>) -> Self {
        self.older = older;
        self.newer = newer;
        self
    }

    /// One by which a record is in error only if `decides`.
    pub(super) fn decides_if(mut self, decides: bool) -> Self {
        self.decides = self.decides && decides;
        self
    }
}

/// In which versions an element or slice is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Only in the newer.
    Added,
    /// Only in the older.
    Removed,
    /// In both.
    Both,
}

/// What differs in one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElementDifference {
    /// Its id: `Patient.identifier:nhsNumber.system`.
    pub element: String,
    /// In which versions it, or the slice that it belongs to, is defined.
    pub presence: Presence,
    /// What changed.
    pub changes: Vec<Change>,
}

/// Something that could not be compared. It is never taken for equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// Why, in words.
    pub reason: String,
    /// The elements concerned; none where it is the whole profile.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub elements: Vec<String>,
}

/// An answer that the definitions give, or do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// At least one change says so.
    Yes,
    /// All was compared and nothing says so.
    No,
    /// Nothing says so, but not all could be compared.
    Unknown,
}

impl Answer {
    /// The answer for both together.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::No, Self::No) => Self::No,
        }
    }
}

/// Whether a record that met one version can fail the other: `way` is tighter for records of the older
/// version, looser for those of the newer.
#[must_use]
pub fn may_fail(elements: &[ElementDifference], gaps: &[Gap], way: Direction) -> Answer {
    let decisive = elements
        .iter()
        .flat_map(|element| &element.changes)
        .any(|change| change.decides && (change.direction == way || change.direction == Direction::Changed));
    match (decisive, gaps.is_empty()) {
        (true, _) => Answer::Yes,
        (false, true) => Answer::No,
        (false, false) => Answer::Unknown,
    }
}
