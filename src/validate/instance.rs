//! The rules of types that their definitions state in words: one dispatch, the rules in files of their own.

use crate::fhir::Element;
use crate::profile::rules::{attachment, narrative, narrative_link};
use crate::profile::{Issue, Schema};

use super::bundle::{self, Surroundings};
use super::walk::Walk;
use super::{element_id, implicit_rules};
use super::{reference, reference_format, urn_reference};

impl<'a> Walk<'a> {
    /// Applies the rules of an element's type.
    pub(super) fn instance_rules(&mut self, element: Element<'a>, type_name: &str) {
        let issues = match type_name {
            "Attachment" => attachment::check(element),
            "Reference" => {
                let is_type = |name: &str| self.set.is_type(name);
                let format = reference_format::check(element, is_type);
                let agreement =
                    || reference::check(element, is_type).or_else(|| urn_reference::check(element));
                format.or_else(agreement).into_iter().collect()
            }
            "xhtml" => narrative::check(element).into_iter().chain(narrative_link::check(element)).collect(),
            "Bundle" => {
                let is_type = |name: &str| self.set.is_type(name);
                let surroundings = Surroundings { release: self.set.packages().release(), is_type: &is_type };
                bundle::check(element, &surroundings)
            }
            _ => return,
        };
        for issue in issues {
            self.report(issue, None);
        }
    }

    /// Applies the rules of every resource.
    pub(super) fn resource_rules(&mut self, resource: Element<'a>) {
        for issue in element_id::check(resource).into_iter().chain(implicit_rules::check(resource)) {
            self.report(issue, None);
        }
    }

    /// Checks that the definition of an extension allows it where it stands.
    pub(super) fn extension_usage(&mut self, extension: Element<'a>, schema: &Schema) {
        let Some(usage) = &schema.usage else { return };
        let release = self.set.packages().release();
        let found: Option<Issue> = usage.check(extension, &schema.url, release, &self.context);
        if let Some(issue) = found {
            self.report(issue, None);
        }
    }
}
