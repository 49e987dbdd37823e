//! What a server claims to take of writes.
//!
//! <https://hl7.org/fhir/STU3/capabilitystatement.html>

use std::collections::BTreeSet;

use crate::check::Page;
use crate::fhir::Element;

/// What is claimed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Writes {
    /// Transactions.
    pub(super) transactions: bool,
    /// The types that can be created under an id of the client's choice.
    pub(super) under_own_id: BTreeSet<String>,
    /// The types that can be created, the server choosing the id.
    pub(super) created: BTreeSet<String>,
}

impl Writes {
    /// The claims of a CapabilityStatement; none where there is no such statement.
    pub(super) fn of(page: &Page) -> Self {
        let mut writes = Self::default();
        if page.response().is_none_or(|response| response.status != 200) {
            return writes;
        }
        let Ok(tree) = page.tree() else { return writes };
        let servers = tree.root().children_named("rest").filter(|rest| rest.text("mode") == Some("server"));
        for server in servers {
            writes.transactions |= claims(server, "transaction");
            for resource in server.children_named("resource") {
                let Some(kind) = resource.text("type") else { continue };
                if claims(resource, "update") && resource.text("updateCreate") == Some("true") {
                    writes.under_own_id.insert(kind.to_owned());
                }
                if claims(resource, "create") {
                    writes.created.insert(kind.to_owned());
                }
            }
        }
        writes
    }
}

fn claims(element: Element<'_>, interaction: &str) -> bool {
    element.children_named("interaction").any(|claimed| claimed.text("code") == Some(interaction))
}
