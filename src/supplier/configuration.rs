//! What the supplier offers: `supplier.yaml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{GpConnect, Path, gpconnect};
use crate::fhir::Format;
use crate::standard::{Document, FileError};

/// A supplier's software, resources and search parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Configuration {
    /// The path below which the resources are, such as `/STU3`.
    pub base_path: String,
    /// What the capability statement says of the software.
    pub software: Software,
    /// The date of the capability statement.
    pub published: String,
    /// The FHIR version that the server speaks.
    pub fhir_version: String,
    /// How many results a page has when the client does not say.
    pub page_size: usize,
    /// How many results a page has at most.
    pub maximum_page_size: usize,
    /// Records that the server once held, as `Type/id`: reading one is answered 410.
    #[serde(default)]
    pub deleted: Vec<String>,
    /// Records that nobody is shown, as `Type/id`: reading one is answered 403.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// What a supplier of these records would say of its data in `proofmark.toml`: record by record, value by value.
    #[serde(default)]
    pub data: BTreeMap<String, BTreeMap<String, String>>,
    /// Search parameters of every type.
    #[serde(default)]
    pub every_resource: Vec<SearchParameter>,
    /// The types of resource that the server holds.
    pub resources: Vec<ResourceType>,
    /// The formats that it has; the first is given where the client does not say.
    #[serde(skip, default = "both_formats")]
    pub formats: Vec<Format>,
    /// What a provider of GP Connect is made of; without it, the supplier plays a plain FHIR server.
    pub gp_connect: Option<GpConnect>,
}

fn both_formats() -> Vec<Format> {
    vec![Format::Json, Format::Xml]
}

/// The software that the supplier plays.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Software {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A type of resource that the server holds.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceType {
    /// Its name, such as `Patient`.
    #[serde(rename = "type")]
    pub name: String,
    /// The canonical URL of the profile that its resources follow.
    pub profile: String,
    /// Its search parameters.
    pub parameters: Vec<SearchParameter>,
    /// Parameters of which a search must give at least one; with none here, any search will do.
    #[serde(default)]
    pub require_one_of: Vec<String>,
    /// What can be done with its resources; read and searched for, unless it says otherwise.
    #[serde(default = "read_and_search")]
    pub interactions: Vec<Offer>,
    /// Whether an update of what is not there makes it.
    #[serde(default)]
    pub update_create: bool,
    /// Elements without which a resource is not taken; such a write is answered 422.
    #[serde(default)]
    pub mandatory: Vec<Path>,
    /// What `_include` may ask for, as `Type:parameter`.
    #[serde(default)]
    pub includes: Vec<String>,
    /// What `_revinclude` may ask for, as `Type:parameter`.
    #[serde(default)]
    pub rev_includes: Vec<String>,
    /// Whether the resources of this type in the standard's package are served too.
    #[serde(default)]
    pub from_package: bool,
}

/// What can be done with the resources of a type, by the code of the capability statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// The current version is read.
    Read,
    /// A version is read.
    Vread,
    /// The versions are listed.
    HistoryInstance,
    /// They are searched for.
    SearchType,
    /// They are created.
    Create,
    /// They are updated.
    Update,
    /// They are deleted.
    Delete,
}

fn read_and_search() -> Vec<Offer> {
    vec![Offer::Read, Offer::SearchType]
}

impl Offer {
    /// What a code in a capability statement means, or `search` for short.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        let all = [
            Self::Read,
            Self::Vread,
            Self::HistoryInstance,
            Self::SearchType,
            Self::Create,
            Self::Update,
            Self::Delete,
        ];
        let code = if code == "search" { Self::SearchType.code() } else { code };
        all.into_iter().find(|offer| offer.code() == code)
    }

    /// The code in a capability statement.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Vread => "vread",
            Self::HistoryInstance => "history-instance",
            Self::SearchType => "search-type",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Vread => "read versions of",
            Self::HistoryInstance => "list versions of",
            Self::SearchType => "search for",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// Whether it is asked of the type rather than of one resource.
    pub(super) fn is_on_type(self) -> bool {
        matches!(self, Self::SearchType | Self::Create)
    }

    fn methods(self) -> &'static str {
        match self {
            Self::Read | Self::Vread | Self::HistoryInstance | Self::SearchType => "GET, HEAD",
            Self::Create => "POST",
            Self::Update => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl ResourceType {
    /// The methods that the type, or one of its resources, can be asked by.
    pub(super) fn allowed(&self, on_type: bool) -> String {
        let offers = self.interactions.iter().filter(|offer| {
            offer.is_on_type() == on_type && !matches!(offer, Offer::Vread | Offer::HistoryInstance)
        });
        offers.map(|offer| offer.methods()).collect::<Vec<_>>().join(", ")
    }
}

/// A search parameter and where its values are.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchParameter {
    /// Its name, such as `birthdate`.
    pub name: String,
    /// How its values are compared.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// The elements that it looks at.
    pub paths: Vec<Path>,
    /// For a token over a plain code: the code system that the element implies.
    pub system: Option<String>,
    /// For a token: whether upper and lower case differ, as they do in ids. Where a code system does
    /// not say, STU3 prefers that they do not.
    #[serde(default, rename = "caseSensitive")]
    pub case_sensitive: bool,
    /// For a reference: the types that it may point at.
    #[serde(default)]
    pub targets: Vec<String>,
}

/// The types of search parameter that the supplier knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterType {
    /// A code or identifier, with or without its system.
    Token,
    /// A text, compared from its start.
    String,
    /// A date, time or period.
    Date,
    /// A reference to another resource.
    Reference,
    /// A URI, compared as a whole.
    Uri,
}

impl ParameterType {
    /// The code of the type in a capability statement.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::String => "string",
            Self::Date => "date",
            Self::Reference => "reference",
            Self::Uri => "uri",
        }
    }
}

impl Configuration {
    /// Reads `supplier.yaml`. `file` is the name that errors carry.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let configuration: Self = document.read()?;
        let errors = configuration.faulty(&document);
        if errors.is_empty() { Ok(configuration) } else { Err(errors) }
    }

    /// The segment below the base path under which a part of the API has a base of its own.
    pub(super) fn branch(&self) -> Option<&'static str> {
        self.gp_connect.as_ref().map(|_| gpconnect::STRUCTURED)
    }

    /// The type of a name, if the server holds it.
    pub(super) fn resource(&self, name: &str) -> Option<&ResourceType> {
        self.resources.iter().find(|resource| resource.name == name)
    }

    /// All search parameters of a type, those of every type first.
    pub(super) fn parameters<'c>(
        &'c self,
        resource: &'c ResourceType,
    ) -> impl Iterator<Item = &'c SearchParameter> {
        self.every_resource.iter().chain(&resource.parameters)
    }

    /// What `Type:parameter` names: the type, and its reference parameter.
    pub(super) fn reference(&self, name: &str) -> Option<(&str, &SearchParameter)> {
        let (kind, name) = name.split_once(':')?;
        let resource = self.resource(kind)?;
        let parameter = self.parameters(resource).find(|parameter| parameter.name == name)?;
        (parameter.kind == ParameterType::Reference).then_some((resource.name.as_str(), parameter))
    }

    fn faulty(&self, document: &Document) -> Vec<FileError> {
        let mut errors = Vec::new();
        if !self.base_path.starts_with('/') || self.base_path.ends_with('/') {
            errors.push(
                document
                    .error("/basePath", format!("`{}` is not a path below the root", self.base_path))
                    .hint("write it as in `/STU3`"),
            );
        }
        if self.page_size == 0 || self.page_size > self.maximum_page_size {
            errors.push(document.error("/pageSize", "the page size must lie between 1 and maximumPageSize"));
        }
        for (index, resource) in self.resources.iter().enumerate() {
            let pointer = format!("/resources/{index}");
            for name in &resource.require_one_of {
                if !self.parameters(resource).any(|parameter| parameter.name == *name) {
                    let message = format!("{} has no search parameter `{name}`", resource.name);
                    errors.push(document.error(&format!("{pointer}/requireOneOf"), message));
                }
            }
            for name in resource.includes.iter().chain(&resource.rev_includes) {
                if self.reference(name).is_none() {
                    let message =
                        format!("`{name}` is no reference parameter of a type, written Type:parameter");
                    errors.push(document.error(&pointer, message));
                }
            }
            for (number, parameter) in resource.parameters.iter().enumerate() {
                let at = format!("{pointer}/parameters/{number}");
                if (parameter.kind == ParameterType::Reference) == parameter.targets.is_empty() {
                    let message =
                        format!("`{}`: a reference, and nothing else, has `targets`", parameter.name);
                    errors.push(document.error(&at, message));
                }
                let same = |other: &&SearchParameter| other.name == parameter.name;
                if self.parameters(resource).filter(same).count() > 1 {
                    errors.push(document.error(&at, format!("`{}` is there twice", parameter.name)));
                }
            }
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../fixtures/careconnect/supplier.yaml");

    #[test]
    fn the_care_connect_supplier_loads() {
        let configuration = Configuration::load("supplier.yaml", TEXT).unwrap();
        let patient = configuration.resource("Patient").unwrap();
        assert!(patient.profile.ends_with("/CareConnect-Patient-1"));
        assert!(configuration.parameters(patient).any(|parameter| parameter.name == "_id"));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let text = TEXT
            .replace("basePath: /STU3", "basePath: STU3/")
            .replace("name: gender, type: token", "name: gender, type: reference");
        let errors = Configuration::load("supplier.yaml", &text).unwrap_err();
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(errors[0].contains("`STU3/` is not a path below the root"), "{errors:?}");
        assert!(errors[1].contains("`gender`: a reference, and nothing else, has `targets`"), "{errors:?}");
    }
}
