//! The interactions of GP Connect: where each is, by which method, and the id and scope that requests for it carry.

use hyper::Method;

use super::problem::bad_request;
use crate::supplier::problem::Problem;
use crate::supplier::request::{Request, Route};

/// The segment below the base of Foundations under which Access Record Structured has its own.
pub(in crate::supplier) const STRUCTURED: &str = "structured";

/// The names of the two operations, as addresses write them.
pub(super) const REGISTER: &str = "$gpc.registerpatient";
pub(super) const GET_RECORD: &str = "$gpc.getstructuredrecord";

/// What a client can ask a provider for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interaction {
    Capabilities,
    StructuredCapabilities,
    Search(&'static str),
    Read(&'static str),
    RegisterPatient,
    SearchSlots,
    Book,
    ListAppointments,
    Amend,
    Cancel,
    GetStructuredRecord,
}

/// One line of the table of interactions.
struct Line {
    interaction: Interaction,
    /// What follows `urn:nhs:names:services:gpconnect:` in its id.
    id: &'static str,
    scope: &'static str,
}

const fn line(interaction: Interaction, id: &'static str, scope: &'static str) -> Line {
    Line { interaction, id, scope }
}

const PREFIX: &str = "urn:nhs:names:services:gpconnect:";
const ORGANISATION_READ: &str = "organization/*.read";
const PATIENT_READ: &str = "patient/*.read";
const PATIENT_WRITE: &str = "patient/*.write";

const TABLE: [Line; 17] = [
    line(Interaction::Capabilities, "fhir:rest:read:metadata-1", ORGANISATION_READ),
    line(Interaction::StructuredCapabilities, "structured:fhir:rest:read:metadata-1", ORGANISATION_READ),
    line(Interaction::Search("Patient"), "fhir:rest:search:patient-1", PATIENT_READ),
    line(Interaction::Read("Patient"), "fhir:rest:read:patient-1", PATIENT_READ),
    line(Interaction::RegisterPatient, "fhir:operation:gpc.registerpatient-1", PATIENT_WRITE),
    line(Interaction::Search("Practitioner"), "fhir:rest:search:practitioner-1", ORGANISATION_READ),
    line(Interaction::Read("Practitioner"), "fhir:rest:read:practitioner-1", ORGANISATION_READ),
    line(Interaction::Search("Organization"), "fhir:rest:search:organization-1", ORGANISATION_READ),
    line(Interaction::Read("Organization"), "fhir:rest:read:organization-1", ORGANISATION_READ),
    line(Interaction::Read("Location"), "fhir:rest:read:location-1", ORGANISATION_READ),
    line(Interaction::SearchSlots, "fhir:rest:search:slot-1", ORGANISATION_READ),
    line(Interaction::Book, "fhir:rest:create:appointment-1", PATIENT_WRITE),
    line(Interaction::Read("Appointment"), "fhir:rest:read:appointment-1", PATIENT_READ),
    line(Interaction::ListAppointments, "fhir:rest:search:patient_appointments-1", PATIENT_READ),
    line(Interaction::Amend, "fhir:rest:update:appointment-1", PATIENT_WRITE),
    line(Interaction::Cancel, "fhir:rest:cancel:appointment-1", PATIENT_WRITE),
    line(Interaction::GetStructuredRecord, "fhir:operation:gpc.getstructuredrecord-1", PATIENT_READ),
];

/// The interactions that a request can be by its address and method.
#[derive(Debug)]
pub(super) struct Candidates(Vec<Interaction>);

impl Candidates {
    /// Refuses an address where there is nothing, and a method that none of the interactions there has.
    pub(super) fn of(request: &Request) -> Result<Self, Problem> {
        let here: Vec<Interaction> =
            TABLE.iter().map(|line| line.interaction).filter(|one| one.is_at(request)).collect();
        if here.is_empty() {
            return Err(Problem::not_found("there is nothing at this address"));
        }
        let path = request.address.split('?').next().unwrap_or_default();
        if path.ends_with('/') {
            return Err(Problem::not_found(
                "the address ends with a slash, and what is behind it is missing",
            ));
        }
        let (found, others): (Vec<_>, Vec<_>) =
            here.into_iter().partition(|one| one.method() == request.method);
        if found.is_empty() {
            let mut allowed: Vec<String> = others.iter().map(|one| one.method().to_string()).collect();
            allowed.dedup();
            let diagnostics = format!("{} is not for this address", request.method);
            return Err(Problem::method(diagnostics, allowed.join(", ")));
        }
        Ok(Self(found))
    }

    /// The one that has an id, and its scope.
    pub(super) fn with_id(&self, id: &str) -> Result<(Interaction, &'static str), Problem> {
        let line = TABLE.iter().find(|line| id.strip_prefix(PREFIX) == Some(line.id));
        let Some(line) = line else {
            return Err(bad_request(format!("`{id}` is the id of no interaction")));
        };
        if !self.0.contains(&line.interaction) {
            return Err(bad_request(format!("`{id}` is the id of another interaction than this")));
        }
        Ok((line.interaction, line.scope))
    }
}

impl Interaction {
    fn method(self) -> Method {
        match self {
            Self::RegisterPatient | Self::Book | Self::GetStructuredRecord => Method::POST,
            Self::Amend | Self::Cancel => Method::PUT,
            _ => Method::GET,
        }
    }

    fn is_at(self, request: &Request) -> bool {
        let on_branch = matches!(self, Self::StructuredCapabilities | Self::GetStructuredRecord);
        on_branch == request.on_branch
            && match (&request.route, self) {
                (Route::Capabilities, Self::Capabilities | Self::StructuredCapabilities) => true,
                (Route::Type(found), Self::Search(kind)) => found == kind,
                (Route::Type(found), Self::SearchSlots) => found == "Slot",
                (Route::Type(found), Self::Book) => found == "Appointment",
                (Route::Instance { kind, id }, Self::RegisterPatient) => kind == "Patient" && id == REGISTER,
                (Route::Instance { kind, id }, Self::GetStructuredRecord) => {
                    kind == "Patient" && id == GET_RECORD
                }
                (Route::Instance { kind: found, id }, Self::Read(kind)) => {
                    found == kind && !id.starts_with('$')
                }
                (Route::Instance { kind, id }, Self::Amend | Self::Cancel) => {
                    kind == "Appointment" && !id.starts_with('$')
                }
                (Route::Compartment { kind, member, .. }, Self::ListAppointments) => {
                    kind == "Patient" && member == "Appointment"
                }
                _ => false,
            }
    }
}

/// Whether a request may change what the provider holds.
pub(in crate::supplier) fn is_write(request: &Request) -> bool {
    [Interaction::Book, Interaction::Amend, Interaction::RegisterPatient]
        .into_iter()
        .any(|one| one.is_at(request) && one.method() == request.method)
}
