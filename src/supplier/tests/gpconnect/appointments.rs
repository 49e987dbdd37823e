use super::slots::{day, search};
use super::*;

const ORGANISATION: &str =
    "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-BookingOrganisation-1";
const REASON: &str =
    "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-AppointmentCancellationReason-1";

async fn first_slot(provider: &Provider) -> Value {
    let bundle = provider.ask(&SEARCH_SLOT, &search(1, 14, "")).await.json();
    bundle["entry"][0]["resource"].clone()
}

fn booking(slot: &Value) -> Value {
    json!({
        "resourceType": "Appointment",
        "contained": [{ "resourceType": "Organization", "id": "1", "name": "Consumer",
            "identifier": [{ "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A20047" }],
            "telecom": [{ "system": "phone", "value": "01632960999" }] }],
        "extension": [{ "url": ORGANISATION, "valueReference": { "reference": "#1" } }],
        "status": "booked", "description": "A booking", "created": "2026-01-01T09:00:00+00:00",
        "start": slot["start"], "end": slot["end"],
        "slot": [{ "reference": format!("Slot/{}", slot["id"].as_str().unwrap()) }],
        "participant": [
            { "actor": { "reference": "Patient/patient1" }, "status": "accepted" },
            { "actor": { "reference": "Location/sit1" }, "status": "accepted" },
        ],
    })
}

fn cancellation(booked: &Value, reason: &str) -> Value {
    let mut sent = booked.clone();
    sent["status"] = json!("cancelled");
    sent["extension"].as_array_mut().unwrap().push(json!({ "url": REASON, "valueString": reason }));
    sent
}

#[tokio::test]
async fn a_slot_is_booked_amended_and_free_again() {
    let provider = Provider::start().await;
    let slot = first_slot(&provider).await;
    let reply = provider.post(&BOOK, "/Appointment", &booking(&slot)).await;
    let booked = reply.json();
    assert_eq!((reply.status, reply.header("etag")), (201, Some("W/\"1\"")), "{booked}");
    let id = booked["id"].as_str().unwrap().to_owned();
    assert!(reply.header("location").unwrap().ends_with(&format!("/Appointment/{id}/_history/1")));
    assert_eq!(booked["serviceCategory"]["text"], "General GP Appointments");
    assert_eq!(booked["extension"].as_array().unwrap().len(), 3, "channel and role are the provider's");
    assert_ne!(first_slot(&provider).await["id"], slot["id"]);
    let again = provider.post(&BOOK, "/Appointment", &booking(&slot)).await;
    assert_eq!(again.refused(), refusal(409, "DUPLICATE_REJECTED"));

    let path = format!("/Appointment/{id}");
    let mut amended = booked.clone();
    amended["description"] = json!("Another");
    amended.as_object_mut().unwrap().remove("serviceType");
    let reply = provider.post(&AMEND, &path, &amended).await.json();
    assert_eq!((&reply["description"], &reply["meta"]["versionId"]), (&json!("Another"), &json!("2")));
    assert_eq!(reply["serviceType"], booked["serviceType"]);

    let stale = [("If-Match", "W/\"1\"")];
    let body = cancellation(&reply, "Better").to_string();
    let refused = provider.send(&CANCEL, &path, &stale, &body).await.refused();
    assert_eq!(refused, refusal(409, "FHIR_CONSTRAINT_VIOLATION"));
    let cancelled = provider.send(&CANCEL, &path, &[("Prefer", "return=minimal")], &body).await;
    assert_eq!((cancelled.status, cancelled.body.as_str()), (200, ""));
    assert_eq!(first_slot(&provider).await["id"], slot["id"]);
    let late = provider.post(&AMEND, &path, &amended).await;
    assert_eq!(late.refused(), refusal(422, "INVALID_RESOURCE"));

    let list = get("fhir:rest:search:patient_appointments-1", "patient/*.read");
    let range = format!("?start=ge{}&start=le{}", day(0), day(14));
    let listed = provider.ask(&list, &format!("/Patient/patient1/Appointment{range}")).await;
    assert_eq!(listed.ids(), [id]);
    let nobody = provider.ask(&list, &format!("/Patient/null/Appointment{range}")).await;
    assert_eq!(nobody.refused(), refusal(404, "PATIENT_NOT_FOUND"));
    let past =
        provider.ask(&list, "/Patient/patient1/Appointment?start=ge2020-01-01&start=le2020-01-02").await;
    assert_eq!(past.refused(), refusal(422, "INVALID_PARAMETER"));
}

#[tokio::test]
async fn a_booking_must_be_whole_and_true() {
    let provider = Provider::start().await;
    let whole = booking(&first_slot(&provider).await);
    let location = whole["participant"][1].clone();
    for (pointer, value) in [
        ("/status", json!("proposed")),
        ("/slot", json!([])),
        ("/slot/0/reference", json!("Slot/hello")),
        ("/start", json!("2030-01-01T09:00:00+00:00")),
        ("/description", json!("x".repeat(101))),
        ("/participant", json!([location])),
        ("/participant/0/status", json!("")),
        ("/participant/0/actor/reference", json!("Patient/nobody")),
        ("/participant/1/actor/reference", json!("Location/sit2")),
        ("/contained/0/name", json!("")),
        ("/contained/0/telecom", json!([])),
        ("/extension/0/valueReference/reference", json!("https://provider.example.org/#1")),
    ] {
        let mut sent = whole.clone();
        *sent.pointer_mut(pointer).unwrap() = value;
        let reply = provider.post(&BOOK, "/Appointment", &sent).await;
        assert_eq!(reply.refused(), refusal(422, "INVALID_RESOURCE"), "{pointer}");
    }
    for name in ["reason", "specialty", "invalidField"] {
        let mut sent = whole.clone();
        sent[name] = json!([{ "text": "x" }]);
        let reply = provider.post(&BOOK, "/Appointment", &sent).await;
        assert_eq!(reply.refused(), refusal(422, "INVALID_RESOURCE"), "{name}");
    }
}

#[tokio::test]
async fn nothing_else_changes() {
    let provider = Provider::start().await;
    let slot = first_slot(&provider).await;
    let booked = provider.post(&BOOK, "/Appointment", &booking(&slot)).await.json();
    let path = format!("/Appointment/{}", booked["id"].as_str().unwrap());
    let mut other = booked.clone();
    other["priority"] = json!(1);
    let refused = provider.post(&AMEND, &path, &other).await.refused();
    assert_eq!(refused, refusal(422, "INVALID_RESOURCE"));
    let mut other = cancellation(&booked, "Better");
    other["comment"] = json!("And more");
    let refused = provider.post(&CANCEL, &path, &other).await.refused();
    assert_eq!(refused, refusal(422, "INVALID_RESOURCE"));
    let refused = provider.post(&CANCEL, &path, &cancellation(&booked, "")).await.refused();
    assert_eq!(refused, refusal(422, "INVALID_PARAMETER"));
    let none = provider.post(&CANCEL, "/Appointment/nowhere", &cancellation(&booked, "x")).await.refused();
    assert_eq!(none, refusal(404, "NO_RECORD_FOUND"));
}
