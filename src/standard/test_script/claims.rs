//! What a script says of the server's capabilities: a scenario that tests them.

use super::capability::{self, Capability};
use super::script::{Work, scenario};
use super::translator::not_supported;
use crate::fhir::Element;
use crate::files::Folder;
use crate::standard::{Expectation, ExplainedPath, Level, OneOrMany, PathExpectation, Scenario, Step};

impl Work<'_> {
    pub(super) fn capability(
        &mut self,
        element: Element<'_>,
        root: Element<'_>,
        folder: &Folder,
    ) -> Capability {
        let capability = capability::read(element, root, folder);
        if let Err(reason) = &capability.claims {
            self.find(element, &format!("a capability that cannot be told: {reason}"));
        }
        capability
    }

    /// The scenario that tests what the server claims, if the script has capabilities.
    pub(super) fn claims(&mut self, capabilities: &[Capability]) -> Option<Scenario> {
        let mut steps: Vec<Step> = vec![Step {
            name: Some("Read the CapabilityStatement".to_owned()),
            capabilities: Some(true),
            keep: Some("statement".to_owned()),
            ..Step::default()
        }];
        let mut verifies = Vec::new();
        for (number, capability) in capabilities.iter().enumerate() {
            // What is only required is where the tests apply; that it is claimed is not itself tested.
            let level = if capability.validated { Level::Shall } else { Level::May };
            let text = format!("The server claims: {}", capability.words);
            let id = self.requirement(&format!("capability-{}", number + 1), level, &text, None);
            if let (Some(url), Some(last)) = (&capability.link, self.requirements.last_mut()) {
                last.clause.url = Some(url.clone());
            }
            verifies.push(id.clone());
            let step = match &capability.claims {
                Err(reason) => not_supported(Some(capability.words.clone()), reason),
                Ok(claims) => Step {
                    name: Some(capability.words.clone()),
                    answer: Some("statement".to_owned()),
                    expect: Some(OneOrMany::One(Expectation {
                        resource: Some("CapabilityStatement".to_owned()),
                        fhirpath: Some(OneOrMany::Many(
                            claims
                                .iter()
                                .map(|claimed| {
                                    PathExpectation::Explained(ExplainedPath {
                                        says: Some(format!("that {} is claimed", claimed.condition)),
                                        path: claimed.path.clone(),
                                        equals: None,
                                        hint: None,
                                    })
                                })
                                .collect(),
                        )),
                        ..Expectation::default()
                    })),
                    ..Step::default()
                },
            };
            steps.push(Step { verifies: vec![id], ..step });
        }
        if verifies.is_empty() {
            return None;
        }
        let title = format!("{}: what the server claims", self.heading.title);
        Some(scenario(format!("{}-capabilities", self.heading.key), title, verifies, steps))
    }
}
