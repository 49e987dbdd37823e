//! The walk: each element against all the schemas that apply to it at once.
//!
//! A layer is one schema's view of an element: the profile's, its type's, a slice's, an extension
//! definition's. At every element the layers' rules are applied, and each layer says what it knows of
//! the children.

use std::time::Duration;

use smallvec::SmallVec;

use crate::fhir::{Element, Release, with_article};
use crate::fhirpath::Context;
use crate::profile::rules::binding::codings;
use crate::profile::rules::primitive::is_primitive;
use crate::profile::rules::{ValueRule, extension, markup, primitive, slicing, structure};
use crate::profile::{ElementSchema, Issue, Schema, SchemaError, SchemaSet, Severity};

use super::companion;
use super::cross_version;
use super::groups::Group;
use super::knowledge::Knowledge;
use super::resolve::resolve;
use super::validator::{PROFILE_NOT_LOADED, TOO_LONG, WRONG_PROFILE};
use super::vital_signs;

/// After so many issues the walk ends: a hostile resource can hold millions.
const ENOUGH: usize = 2_000;

/// How long one walk may take.
const LONGEST: Duration = Duration::from_secs(5);

/// How many elements and steps of rules there are between two looks at the clock, which each take as long as
/// one or two of them.
const BETWEEN_LOOKS: u64 = 500;

/// One schema's view of an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layer<'s> {
    pub(super) schema: &'s Schema,
    pub(super) element: &'s ElementSchema,
}

impl<'s> Layer<'s> {
    pub(super) fn root(schema: &'s Schema) -> Self {
        Self { schema, element: &schema.root }
    }

    /// The element whose children this layer knows: its own, or that which it has the content of.
    pub(super) fn content(self) -> Option<Self> {
        let element = match &self.element.content_reference {
            Some(path) if self.element.children.is_empty() => self.schema.element(path)?,
            _ => self.element,
        };
        (!element.children.is_empty()).then_some(Self { schema: self.schema, element })
    }

    /// Whether this layer is where a definition of an extension lists its parts, and none of them is a layer too.
    fn lacks_part(self, layers: &[Self]) -> bool {
        let is_layer = |part: &ElementSchema| layers.iter().any(|layer| std::ptr::eq(layer.element, part));
        self.schema.type_name == "Extension"
            && self.element.slicing.as_ref().is_some_and(|slicing| {
                !slicing.slices.is_empty() && !slicing.slices.iter().any(|slice| is_layer(&slice.element))
            })
    }

    fn definition(self) -> String {
        format!("{}#{}", self.schema.canonical(), self.element.id)
    }
}

/// The layers of one element: mostly the profile's and the type's.
pub(super) type Layers<'s> = SmallVec<[Layer<'s>; 4]>;

/// One walk over one resource.
pub(super) struct Walk<'a> {
    pub(super) set: &'a SchemaSet,
    pub(super) knowledge: &'a Knowledge<'a>,
    /// What invariants may look at; `now()` is the same for all.
    pub(super) context: Context<'a>,
    /// The children of the elements that are being walked, innermost last.
    pub(super) groups: Vec<Group<'a>>,
    late: bool,
    elements: u64,
    /// After how much work the clock is looked at again.
    next_look: u64,
    issues: Vec<Issue>,
    /// Findings by place and code, so that the same one through two layers becomes one issue.
    seen: std::collections::HashMap<(Option<crate::fhir::Position>, &'static str), Vec<usize>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(knowledge: &'a Knowledge<'a>) -> Self {
        Self {
            set: knowledge.set,
            knowledge,
            context: knowledge.context(),
            groups: Vec::new(),
            late: false,
            elements: 0,
            next_look: 0,
            issues: Vec::new(),
            seen: std::collections::HashMap::new(),
        }
    }

    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    /// Adds an issue, or the layer it came of to the same issue of another layer.
    pub(super) fn report(&mut self, mut issue: Issue, layer: Option<Layer<'_>>) {
        let definition = layer.map(Layer::definition);
        let places = self.seen.entry((issue.position, issue.code)).or_default();
        if let Some(known) = places.iter().find(|index| self.issues[**index].same_finding(&issue)) {
            let known = &mut self.issues[*known];
            known.definitions.extend(definition.filter(|definition| !known.definitions.contains(definition)));
            return;
        }
        issue.definitions.extend(definition);
        places.push(self.issues.len());
        self.issues.push(issue);
    }

    /// Validates a resource against its type, the profiles given, and those that it names.
    pub(super) fn resource(&mut self, resource: Element<'a>, profiles: &[String]) {
        let Some(type_name) = resource.resource_type() else {
            let message = "there is no resourceType";
            return self
                .report(Issue::at(resource, &structure::UNKNOWN_RESOURCE, Severity::Error, message), None);
        };
        let base =
            self.set.type_schema(type_name).filter(|schema| schema.kind == "resource" && !schema.is_abstract);
        let Some(base) = base else {
            let release = self.set.packages().release();
            let message = format!("`{type_name}` is not a resource type of {release}");
            return self
                .report(Issue::at(resource, &structure::UNKNOWN_RESOURCE, Severity::Error, message), None);
        };
        let mut layers = Layers::new();
        for profile in profiles {
            self.profile(resource, resource, profile, Severity::Undecided, &mut layers);
        }
        for claimed in resource.child("meta").into_iter().flat_map(Element::children) {
            if claimed.name() == "profile"
                && let Some(profile) = claimed.value()
                && !profiles.iter().any(|known| known == profile)
            {
                self.profile(resource, claimed, profile, Severity::Warning, &mut layers);
            }
        }
        if let Some((profile, code)) = vital_signs::profile(resource, self.set.packages().release())
            && !layers.iter().any(|layer| layer.schema.url == profile)
            && let Ok(schema) = self.set.schema(&profile)
        {
            self.report(vital_signs::applies(code, &profile), None);
            layers.push(Layer::root(schema));
        }
        if layers.is_empty() {
            layers.push(Layer::root(base));
        }
        let around = self.context.resource;
        self.look_from(resource);
        self.element(resource, Some(type_name), &layers);
        self.context.resource = around;
        self.resource_rules(resource);
        for issue in companion::check(resource, type_name, self.set) {
            self.report(issue, None);
        }
        for issue in super::conformance::judge(resource, self.set) {
            self.report(issue, None);
        }
    }

    /// Says which resource invariants look from. STU3's rules take `%resource` for the outermost resource
    /// even within a contained one (ref-1 looks there for what `#id` points to); R4 has `%rootResource`.
    pub(super) fn look_from(&mut self, resource: Element<'a>) {
        let is_contained = resource.name() == "contained";
        let outermost = resource.parent().filter(|_| is_contained).map(Element::resource);
        self.context.resource = outermost.filter(|_| self.set.packages().release() == Release::Stu3);
    }

    /// Adds the schema of a profile, or the issue that there is none to go by.
    fn profile(
        &mut self,
        resource: Element<'a>,
        place: Element<'a>,
        profile: &str,
        if_not_loaded: Severity,
        layers: &mut Layers<'a>,
    ) {
        match self.set.schema(profile) {
            Ok(schema) if resource.resource_type() == Some(&schema.type_name) => {
                layers.push(Layer::root(schema));
            }
            Ok(schema) => {
                let message = format!("the profile {profile} is one of {}", schema.type_name);
                let issue = Issue::at(place, &WRONG_PROFILE, Severity::Error, message)
                    .compared(resource.resource_type().unwrap_or_default(), schema.type_name.clone());
                self.report(issue, None);
            }
            Err(SchemaError::NotLoaded(_)) => {
                let message = format!(
                    "the profile {profile} is not loaded and was not checked; load it with --package"
                );
                self.report(Issue::at(place, &PROFILE_NOT_LOADED, if_not_loaded, message), None);
            }
            Err(error @ SchemaError::Broken { .. }) => {
                let issue = Issue::at(place, &slicing::NOT_CHECKED, Severity::Undecided, error.to_string());
                self.report(issue, None);
            }
        }
    }

    /// Applies all rules of all layers to one element, then to all below it.
    pub(super) fn element(&mut self, element: Element<'a>, type_name: Option<&'a str>, layers: &[Layer<'a>]) {
        if self.issues.len() >= ENOUGH || self.is_late(element) {
            return;
        }
        match self.extension_definition(element, type_name, layers) {
            None => self.layered(element, type_name, layers),
            Some(schema) => {
                let mut layers = Layers::from_slice(layers);
                layers.push(Layer::root(schema));
                self.layered(element, type_name, &layers);
            }
        }
    }

    /// Whether the walk has gone on for too long. Real resources take milliseconds; one that is made to be
    /// slow is left undecided.
    fn is_late(&mut self, element: Element<'a>) -> bool {
        self.elements += 1;
        let work = self.elements + self.context.steps();
        if work < self.next_look {
            return self.late;
        }
        self.next_look = work + BETWEEN_LOOKS;
        if !self.late && self.knowledge.started.elapsed() > LONGEST {
            self.late = true;
            let message = format!(
                "the resource takes longer than {} s to check; the rest was not checked",
                LONGEST.as_secs()
            );
            self.report(Issue::at(element, &TOO_LONG, Severity::Undecided, message), None);
        }
        self.late
    }

    fn layered(&mut self, element: Element<'a>, type_name: Option<&'a str>, layers: &[Layer<'a>]) {
        if let Some(type_name) = type_name
            && !self.content(element, type_name, layers)
        {
            return;
        }
        if let Some(type_name) = type_name {
            self.instance_rules(element, type_name);
        }
        self.values(element, type_name, layers);
        self.children(element, layers);
    }

    /// Checks that the element holds what its type holds; `false` if nothing below it makes sense.
    fn content(&mut self, element: Element<'_>, type_name: &str, layers: &[Layer<'_>]) -> bool {
        let layer = layers.first().copied();
        if let Some(issue) = structure::only_an_id(element) {
            self.report(issue, layer);
        }
        if is_primitive(type_name) {
            let is_part = |child: &Element<'_>| !matches!(child.name(), "id" | "extension");
            if element.value().is_none()
                && let Some(part) = element.children().find(is_part)
            {
                let message = format!(
                    "`{}` is of type {type_name} and holds `{}`, not a value",
                    element.name(),
                    part.name()
                );
                let issue = Issue::at(element, &structure::CONTENT, Severity::Error, message);
                self.report(issue.compared(with_article(type_name), "an object"), layer);
                return false;
            }
            if let Some(issue) = primitive::check(element, type_name) {
                self.report(issue, layer);
            }
            if let Some(issue) = markup::check(element, type_name, self.knowledge.options.security_checks) {
                self.report(issue, layer);
            }
            return true;
        }
        if element.value().is_some() {
            let message =
                format!("`{}` is of type {type_name} and holds a value, not elements", element.name());
            let issue = Issue::at(element, &structure::CONTENT, Severity::Error, message);
            self.report(
                issue.compared(format!("the elements of {type_name}"), crate::profile::describe(element)),
                layer,
            );
            return false;
        }
        true
    }

    /// What could not be decided for want of codes that nobody is expected to hold is not checked.
    fn without_unheld_codes(&self, element: Element<'_>, issue: Issue) -> Issue {
        let unheld = &self.knowledge.options.unheld_code_systems;
        if issue.severity != Severity::Undecided || unheld.is_empty() {
            return issue;
        }
        let is_unheld = |system: Option<&str>| unheld.iter().any(|known| Some(known.as_str()) == system);
        if codings(element).iter().all(|(system, _)| is_unheld(*system)) {
            return Issue { severity: Severity::NotChecked, ..issue };
        }
        issue
    }

    fn values(&mut self, element: Element<'a>, type_name: Option<&'a str>, layers: &[Layer<'a>]) {
        let best_practice = self.knowledge.options.best_practice;
        for (index, layer) in layers.iter().enumerate() {
            for rule in &layer.element.rules {
                let issue = match rule {
                    ValueRule::Fixed(fixed) => fixed.check(element),
                    ValueRule::Pattern(pattern) => pattern.check(element),
                    ValueRule::NarrativeLanguage(language) => language.check(element),
                    ValueRule::MaxLength(length) => length.check(element),
                    ValueRule::MinLength(length) => length.check(element),
                    ValueRule::Regex(regex) => regex.check(element),
                    ValueRule::ValuePresence(presence) => presence.check(element),
                    ValueRule::Limit(limit) => limit.check(element, type_name, &self.context),
                    ValueRule::Binding(binding) => {
                        let found = binding.check(element, self.set.terminology());
                        found.map(|issue| self.without_unheld_codes(element, issue))
                    }
                    ValueRule::DataType(data_type) => {
                        for issue in data_type.check(element, self.set.terminology()) {
                            self.report(issue, Some(*layer));
                        }
                        None
                    }
                    ValueRule::Reference(targets) => {
                        self.target_profiles(element, *layer, targets);
                        targets.check(
                            element,
                            |name| self.set.is_type(name),
                            |reference| resolve(reference, element),
                        )
                    }
                    ValueRule::Aggregation(aggregation) => {
                        aggregation.check(element, |reference| resolve(reference, element))
                    }
                    ValueRule::Invariant(invariant) => {
                        let is_known = || layers[..index].iter().any(|layer| layer.element.has(invariant));
                        let severity = best_practice.severity().filter(|_| invariant.is_best_practice());
                        let is_passed_over = invariant.is_best_practice() && severity.is_none();
                        if is_passed_over
                            || invariant.holds_by_absence(element, type_name, &self.context)
                            || is_known()
                        {
                            None
                        } else {
                            let found = invariant.check(element, type_name, &self.context);
                            found.map(|issue| Issue { severity: severity.unwrap_or(issue.severity), ..issue })
                        }
                    }
                };
                let Some(issue) = issue else { continue };
                self.report(issue.clone(), Some(*layer));
                // An invariant is evaluated once; whoever else states it is named all the same.
                let others = layers[index + 1..].iter().filter(
                    |other| matches!(rule, ValueRule::Invariant(invariant) if other.element.has(invariant)),
                );
                for other in others {
                    self.report(issue.clone(), Some(*other));
                }
            }
        }
    }

    /// The definition that an extension's URL names, unless a layer goes by it already.
    fn extension_definition(
        &mut self,
        element: Element<'a>,
        type_name: Option<&str>,
        layers: &[Layer<'a>],
    ) -> Option<&'a Schema> {
        if type_name != Some("Extension") {
            return None;
        }
        let url = element.text("url")?;
        let is_extension = |element: Element<'_>| matches!(element.name(), "extension" | "modifierExtension");
        if !url.contains(':') {
            // Parts of a complex extension have plain names, which its definition knows.
            if !element.parent().is_some_and(is_extension) {
                let message = format!("`{url}` is no URL of an extension");
                self.report(
                    Issue::at(element, &structure::RELATIVE_EXTENSION, Severity::Error, message),
                    None,
                );
            }
            if let Some(layer) = layers.iter().find(|layer| layer.lacks_part(layers)) {
                let message = format!("the extension {} has no part `{url}`", layer.schema.url);
                let issue = Issue::at(element, &extension::UNKNOWN_PART, Severity::Error, message);
                self.report(issue, Some(*layer));
            }
            return None;
        }
        if let Some(layer) = layers.iter().find(|layer| layer.schema.url == url) {
            self.extension_usage(element, layer.schema);
            return None;
        }
        let found = self.set.schema(url).ok().filter(|schema| schema.type_name == "Extension");
        if let Some(schema) = found {
            self.extension_usage(element, schema);
        } else {
            if let Some(issue) = cross_version::check(element, url, self.set) {
                self.report(issue, None);
            }
            let modifier = element.name() == "modifierExtension";
            let options = self.knowledge.options;
            let allowed = options.allowed_extension_domains.is_empty() || options.allows_undefined(url);
            let (code, severity) = match (allowed, modifier) {
                (false, _) => (&structure::UNDEFINED_EXTENSION, Severity::Error),
                (true, true) => (&structure::UNKNOWN_EXTENSION, Severity::Undecided),
                (true, false) => (&structure::UNKNOWN_EXTENSION, Severity::NotChecked),
            };
            let message = format!("the extension {url} is not defined in the loaded packages");
            self.report(Issue::at(element, code, severity, message), None);
        }
        found
    }
}
