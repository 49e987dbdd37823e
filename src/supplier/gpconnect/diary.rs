//! The diary: schedules and slots from tomorrow on, and appointments of yesterday, made when the supplier starts.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::GpConnect;
use super::booking::resource;
use super::settings::{PastAppointment, Schedule};
use super::urls::{code_system, extension, profile};
use crate::supplier::store::{Store, Stored};

impl GpConnect {
    /// Puts the diary into the store.
    ///
    /// # Errors
    /// A day has no time for a slot, or an appointment names a schedule that there is not.
    pub(in crate::supplier) fn open(&self, store: &mut Store, now: Timestamp) -> Result<(), String> {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        for schedule in &self.schedules {
            put(store, &schedule.resource(today, now))?;
            for day in 1..=schedule.days {
                for number in 1..=schedule.slots.len() {
                    put(store, &schedule.slot(today, day, number, now)?)?;
                }
            }
        }
        for past in &self.past_appointments {
            let schedule = self.schedules.iter().find(|schedule| schedule.id == past.schedule);
            let schedule = schedule.ok_or_else(|| format!("there is no schedule `{}`", past.schedule))?;
            let practice = store.get("Organization", &self.practice).map(resource).unwrap_or_default();
            for resource in past.resources(schedule, &practice, today, now)? {
                put(store, &resource)?;
            }
        }
        Ok(())
    }
}

fn put(store: &mut Store, resource: &Value) -> Result<(), String> {
    store.put(Stored::read(&resource.to_string())?);
    Ok(())
}

impl Schedule {
    fn resource(&self, today: Date, now: Timestamp) -> Value {
        let last = today.saturating_add(Span::new().days(i64::from(self.days)));
        json!({
            "resourceType": "Schedule",
            "id": self.id,
            "meta": meta("GPConnect-Schedule-1", now),
            "extension": [self.role_extension()],
            "serviceCategory": { "text": self.category },
            "actor": [
                { "reference": format!("Location/{}", self.location) },
                { "reference": format!("Practitioner/{}", self.practitioner) },
            ],
            "planningHorizon": {
                "start": instant(today, Time::midnight()),
                "end": instant(last, Time::constant(23, 59, 59, 0)),
            },
        })
    }

    /// A slot of a day, the first of which is tomorrow; its number among those of the day counts from one.
    fn slot(&self, today: Date, day: u8, number: usize, now: Timestamp) -> Result<Value, String> {
        let date = today.saturating_add(Span::new().days(i64::from(day)));
        let (start, end) = self.times(date, number)?;
        Ok(json!({
            "resourceType": "Slot",
            "id": format!("{}-day{day}-{number}", self.id),
            "meta": meta("GPConnect-Slot-1", now),
            "extension": [self.channel_extension()],
            "serviceType": [{ "text": self.service }],
            "schedule": { "reference": format!("Schedule/{}", self.id) },
            "status": "free",
            "start": start,
            "end": end,
        }))
    }

    fn times(&self, date: Date, number: usize) -> Result<(String, String), String> {
        let from = |slots: usize| {
            let minutes = usize::from(self.hour) * 60 + slots * usize::from(self.minutes);
            let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
            Some(instant(date, Time::new(hour, minute, 0, 0).ok()?))
        };
        let times = from(number.saturating_sub(1)).zip(from(number));
        times.ok_or_else(|| format!("the schedule `{}` has more slots than its day has hours", self.id))
    }

    /// The role of the practitioner, as schedules and appointments have it.
    pub(super) fn role_extension(&self) -> Value {
        json!({
            "url": extension("PractitionerRole-1"),
            "valueCodeableConcept": { "coding": [{
                "system": code_system("CareConnect-SDSJobRoleName-1"),
                "code": self.role.code,
                "display": self.role.display,
            }] },
        })
    }

    fn channel_extension(&self) -> Value {
        json!({ "url": extension("DeliveryChannel-2"), "valueCode": self.channel })
    }
}

impl PastAppointment {
    /// The appointment, and the slot that it was for.
    fn resources(
        &self,
        schedule: &Schedule,
        practice: &Value,
        today: Date,
        now: Timestamp,
    ) -> Result<[Value; 2], String> {
        let yesterday = today.saturating_sub(Span::new().days(1));
        let (start, end) = schedule.times(yesterday, 1)?;
        let mut slot = schedule.slot(today, 0, 1, now)?;
        slot["start"] = Value::from(start.as_str());
        slot["end"] = Value::from(end.as_str());
        slot["status"] = Value::from("busy");
        let participant = |actor: String| json!({ "actor": { "reference": actor }, "status": "accepted" });
        let appointment = json!({
            "resourceType": "Appointment",
            "id": self.id,
            "meta": meta("GPConnect-Appointment-1", now),
            "contained": [{
                "resourceType": "Organization",
                "id": "1",
                "meta": { "profile": [profile("CareConnect-GPC-Organization-1")] },
                "identifier": practice["identifier"],
                "name": practice["name"],
                "telecom": practice["telecom"],
            }],
            "extension": [
                { "url": extension("BookingOrganisation-1"), "valueReference": { "reference": "#1" } },
                schedule.channel_extension(),
                schedule.role_extension(),
            ],
            "status": "booked",
            "serviceCategory": { "text": schedule.category },
            "serviceType": [{ "text": schedule.service }],
            "description": "A review of the last winter",
            "start": start,
            "end": end,
            "slot": [{ "reference": format!("Slot/{}", slot["id"].as_str().unwrap_or_default()) }],
            "created": instant(yesterday, Time::midnight()),
            "participant": [
                participant(format!("Patient/{}", self.patient)),
                participant(format!("Location/{}", schedule.location)),
            ],
        });
        Ok([slot, appointment])
    }
}

fn meta(name: &str, now: Timestamp) -> Value {
    json!({
        "versionId": "1",
        "lastUpdated": now.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        "profile": [profile(name)],
    })
}

/// A time of a day in the United Kingdom, with its offset.
pub(super) fn instant(date: Date, time: Time) -> String {
    let hours = i8::from(is_summer(date));
    format!("{date}T{}+0{hours}:00", time.strftime("%H:%M:%S"))
}

/// Today, in the United Kingdom.
pub(super) fn today(now: Timestamp) -> Date {
    let utc = Offset::UTC.to_datetime(now);
    if is_summer(utc.date()) { Offset::constant(1).to_datetime(now).date() } else { utc.date() }
}

/// Whether clocks are an hour ahead: from the last Sunday of March to the last of October. By the day, which is enough
/// for the hours that practices keep.
fn is_summer(date: Date) -> bool {
    let last_sunday = |month: i8| {
        let last = Date::constant(date.year(), month, 31);
        let past = i64::from(last.weekday().since(Weekday::Sunday));
        last.saturating_sub(Span::new().days(past))
    };
    last_sunday(3) <= date && date < last_sunday(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_offset_of_their_day() {
        let nine = Time::constant(9, 0, 0, 0);
        for (day, text) in [
            ("2026-03-28", "2026-03-28T09:00:00+00:00"),
            ("2026-03-29", "2026-03-29T09:00:00+01:00"),
            ("2026-10-24", "2026-10-24T09:00:00+01:00"),
            ("2026-10-25", "2026-10-25T09:00:00+00:00"),
        ] {
            assert_eq!(instant(day.parse().unwrap(), nine), text);
        }
    }
}
