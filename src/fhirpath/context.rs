//! All that an evaluation may look at besides its focus.

use std::cell::Cell;
use std::collections::HashMap;

use jiff::Timestamp;

use super::item::Item;
use super::model::{ChildType, ChildTypes, Model, NoModel, Profiles, Resolver, Terminology};
use super::names::Names;
use crate::fhir::Element;

/// Receives what `trace()` reports: the name and the items.
pub type TraceSink<'t> = &'t (dyn Fn(&str, &[Item<'_>]) + Sync);

/// How many steps an evaluation may take unless the context says otherwise; a step visits a node of
/// the expression or an item, so this is far beyond any invariant on any real resource.
pub const DEFAULT_BUDGET: u64 = 20_000_000;

/// The surroundings of an evaluation (FHIR's environment variables: FHIR R4, section 2.9.1).
#[derive(Clone)]
pub struct Context<'t> {
    /// Tells the types.
    pub model: &'t dyn Model,
    /// Follows references that leave the resource.
    pub resolver: Option<&'t dyn Resolver>,
    /// Answers `memberOf` and its kin.
    pub terminology: Option<&'t dyn Terminology>,
    /// Answers `conformsTo` and its kin.
    pub profiles: Option<&'t dyn Profiles>,
    /// `%resource`; by default the resource that holds the focus. STU3's invariants mean the
    /// container when they are on a contained resource (ref-1 looks up `%resource.contained`), so
    /// whoever evaluates those says so here.
    pub resource: Option<Element<'t>>,
    /// `%rootResource`; by default the container of `%resource`, or itself.
    pub root_resource: Option<Element<'t>>,
    /// `%context`; by default the focus.
    pub context: Option<Item<'t>>,
    /// What `now()` answers, the same throughout a run.
    pub now: Timestamp,
    /// Further variables, by name without `%`.
    pub variables: HashMap<String, Vec<Item<'t>>>,
    /// Holds to the letter where published expressions do not: `as` on several items is an error
    /// (section 6.3). R4's own dom-3 and search parameters use it as a filter, so that is the default.
    pub strict: bool,
    /// How many steps an evaluation may take.
    pub budget: u64,
    /// Where `trace()` goes.
    pub trace: Option<TraceSink<'t>>,
    /// The narrative that was checked last, and whether it is allowed: txt-1 and txt-2 ask the same of it.
    pub(super) narrative: Cell<Option<(&'t str, bool)>>,
    /// The types that were asked for last.
    pub(super) types: KnownTypes<'t>,
    /// The last focus, and the names of its children.
    pub(super) names: Cell<Option<(Element<'t>, Names)>>,
    /// How many steps all evaluations took.
    pub(super) steps: Cell<u64>,
}

/// A few types, each where its name's place in memory puts it.
#[derive(Clone, Default)]
pub(super) struct KnownTypes<'t>([Cell<KnownType<'t>>; 32]);

/// A type by its name.
type KnownType<'t> = Option<(&'t str, &'t dyn ChildTypes)>;

impl<'t> KnownTypes<'t> {
    /// The children of a type. The names of types are mostly those that the model itself gave.
    fn get(&self, model: &'t dyn Model, type_name: &'t str) -> Option<&'t dyn ChildTypes> {
        let place = type_name.as_ptr().addr() / 8 + type_name.len();
        let place = &self.0[place % self.0.len()];
        match place.get() {
            Some((known, types)) if known == type_name => Some(types),
            _ => {
                let types = model.children(type_name)?;
                place.set(Some((type_name, types)));
                Some(types)
            }
        }
    }
}

impl<'t> Context<'t> {
    /// A context with a model and nothing else.
    #[must_use]
    pub fn new(model: &'t dyn Model) -> Self {
        Self {
            model,
            resolver: None,
            terminology: None,
            profiles: None,
            resource: None,
            root_resource: None,
            context: None,
            now: Timestamp::now(),
            variables: HashMap::new(),
            strict: false,
            budget: DEFAULT_BUDGET,
            trace: None,
            narrative: Cell::new(None),
            types: KnownTypes::default(),
            names: Cell::new(None),
            steps: Cell::new(0),
        }
    }

    /// How many steps all evaluations took so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// The names of the children of a focus, which is that of many rules in a row.
    pub(super) fn names(&self, focus: Element<'t>) -> Names {
        match self.names.get() {
            Some((known, names)) if known == focus => names,
            _ => {
                let names = Names::of_children(focus);
                self.names.set(Some((focus, names)));
                names
            }
        }
    }

    /// What the model knows of a child.
    pub(super) fn child(&self, parent_type: &'t str, literal_name: &str) -> Option<ChildType<'t>> {
        self.types.get(self.model, parent_type)?.child(literal_name)
    }
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self::new(&NoModel)
    }
}
