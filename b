# The Care Connect API as a standard to be judged by: what it is, which areas are covered, and what a supplier must hold.
id: careconnect
title: Care Connect API
version: 1.3.0
publisher: INTEROPen / NHS Digital
fhirVersion: 3.0.2
lifecycle:
  status: draft
  label: draft in every published profile; the guide calls itself alpha
  published: 2019-05-31
parent: hl7.fhir.r3.core#3.0.2
roles: [server, client]
packages: ["./package"]

# The areas that the requirements cover, in the order of a report.
areas:
  general: General server rules
  headers-and-formats: Headers and formats
  read: Reading a record
  search: Searching
  capability-statement: Capability statement
  patient: Patient and NHS number
  observation: Observation
  allergy-intolerance: AllergyIntolerance

# What the API has and this version of the standard does not test yet.
notCovered:
  - Practitioner
  - PractitionerRole
  - Organization
  - Location
  - Condition
  - Procedure
  - Immunization
  - Encounter
  - Medication, MedicationRequest and MedicationStatement
  - DocumentReference and Binary
  - Terminology resources (ValueSet and CodeSystem)
  - Status codes and errors, beyond those of read and search
  - Security (transport, certificates and authorisation)
  - Identifiers of organisations, sites and practitioners

# The data contract: the records that a supplier loads, or names its own equivalents of. Scenarios speak of these names
# and of the values taken from the record; they find a patient by NHS number and never assume a logical id.
# `find` looks for the record that is named; where a server does not hold the example, `discover` looks for another one
# that has all that is needed.
data:
  patient-a:
    resource: Patient
    needs:
      - text: an NHS number, verified
        holds: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').exists(value.exists() and
          extension.value.coding.exists(code = '01'))
      - text: one official name, with family and given names
        holds: name.where(use = 'official').count() = 1 and name.where(use = 'official').exists(family.exists() and given.exists())
      - text: a gender and a date of birth
        holds: gender.exists() and birthDate.exists()
      - text: an address with a postcode
        holds: address.first().postalCode.exists()
      - text: a telephone number and an e-mail address
        holds: telecom.exists(system = 'phone') and telecom.exists(system = 'email')
      - at least five observations and two allergies or intolerances (the further entries below)
    example: data/patient-a.json
    values:
      nhsNumber: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value
      family: name.where(use = 'official').family
      given: name.where(use = 'official').given.first()
      gender: gender
      birthDate: birthDate
      postcode: address.first().postalCode
      email: telecom.where(system = 'email').first().value
      phone: telecom.where(system = 'phone').first().value
    find: { identifier: "https://fhir.nhs.uk/Id/nhs-number|${nhsNumber}" }
    discover: { _count: "50" }

  patient-b:
    resource: Patient
    needs:
      - text: an NHS number, verified
        holds: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').exists(value.exists() and
          extension.value.coding.exists(code = '01'))
      - text: another family name, given name, gender and date of birth than patient-a
        holds: name.where(use = 'official').exists(family != '${patient-a.family}' and given.first() != '${patient-a.given}')
          and gender != '${patient-a.gender}' and birthDate.toString() != '${patient-a.birthDate}'
      - text: an address with a postcode
        holds: address.first().postalCode.exists()
      - text: a telephone number and an e-mail address
        holds: telecom.exists(system = 'phone') and telecom.exists(system = 'email')
      - at least one observation and one allergy or intolerance
    example: data/patient-b.json
    values:
      nhsNumber: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value
      family: name.where(use = 'official').family
      given: name.where(use = 'official').given.first()
      gender: gender
      birthDate: birthDate
      postcode: address.first().postalCode
      email: telecom.where(system = 'email').first().value
      phone: telecom.where(system = 'phone').first().value
    find: { identifier: "https://fhir.nhs.uk/Id/nhs-number|${nhsNumber}" }
    discover: { _count: "50" }

  patient-c:
    resource: Patient
    needs:
      - text: an NHS number, verified
        holds: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').exists(value.exists() and
          extension.value.coding.exists(code = '01'))
      - text: the family name of patient-a, another gender and another date of birth
        holds: name.where(use = 'official').exists(family = '${patient-a.family}') and gender != '${patient-a.gender}'
          and birthDate.toString() != '${patient-a.birthDate}'
    example: data/patient-c.json
    values:
      nhsNumber: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value
      family: name.where(use = 'official').family
      given: name.where(use = 'official').given.first()
      gender: gender
      birthDate: birthDate
    find: { identifier: "https://fhir.nhs.uk/Id/nhs-number|${nhsNumber}" }
    discover: { _count: "50" }

  patient-d:
    resource: Patient
    needs:
      - text: an NHS number, verified
        holds: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').exists(value.exists() and
          extension.value.coding.exists(code = '01'))
      - text: the given name of patient-a, another family name, gender and date of birth
        holds: name.where(use = 'official').exists(given.first() = '${patient-a.given}' and family != '${patient-a.family}')
          and gender != '${patient-a.gender}' and birthDate.toString() != '${patient-a.birthDate}'
    example: data/patient-d.json
    values:
      nhsNumber: identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value
      family: name.where(use = 'official').family
      given: name.where(use = 'official').given.first()
      gender: gender
      birthDate: birthDate
    find: { identifier: "https://fhir.nhs.uk/Id/nhs-number|${nhsNumber}" }
    discover: { _count: "50" }

  deleted-patient:
    resource: Patient
    optional: true # without it, the answer 410 is not shown
    needs:
      - a patient record that the server once held and has deleted, named by its logical id
    values:
      id: id

  observation-a:
    resource: Observation
    needs:
      - belongs to patient-a
      - text: category laboratory, with a SNOMED CT code
        holds: category.first().coding.first().code = 'laboratory' and code.coding.first().system = 'http://snomed.info/sct'
      - text: a date and time of day
        holds: effective.toString().contains('T')
    example: data/observation-a.json
    values:
      code: code.coding.first().code
      codeSystem: code.coding.first().system
      category: category.first().coding.first().code
      date: effective.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", code: "${codeSystem}|${code}", date: "${date}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  observation-earlier:
    resource: Observation
    needs:
      - belongs to patient-a
      - text: the category and the code of observation-a
        holds: category.first().coding.first().code = '${observation-a.category}'
          and code.coding.first().code = '${observation-a.code}'
      - text: a date in an earlier year
        holds: effective.toString().substring(0, 4) < '${observation-a.date}'.substring(0, 4)
    example: data/observation-earlier.json
    values:
      code: code.coding.first().code
      codeSystem: code.coding.first().system
      category: category.first().coding.first().code
      date: effective.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", code: "${codeSystem}|${code}", date: "${date}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  observation-lab:
    resource: Observation
    needs:
      - belongs to patient-a
      - text: the category and the date of observation-a
        holds: category.first().coding.first().code = '${observation-a.category}'
          and effective.toString().substring(0, 10) = '${observation-a.date}'
      - text: another code
        holds: code.coding.first().code != '${observation-a.code}'
    example: data/observation-lab.json
    values:
      code: code.coding.first().code
      codeSystem: code.coding.first().system
      category: category.first().coding.first().code
      date: effective.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", code: "${codeSystem}|${code}", date: "${date}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  observation-vital:
    resource: Observation
    needs:
      - belongs to patient-a
      - text: category vital-signs, with a SNOMED CT code
        holds: category.first().coding.first().code = 'vital-signs' and code.coding.first().system = 'http://snomed.info/sct'
      - text: a date without a time of day, later than that of observation-a
        holds: effective.toString().length() = 10 and effective.toString() > '${observation-a.date}'
    example: data/observation-vital.json
    values:
      code: code.coding.first().code
      codeSystem: code.coding.first().system
      category: category.first().coding.first().code
      date: effective.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", code: "${codeSystem}|${code}", date: "${date}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  observation-social:
    resource: Observation
    needs:
      - belongs to patient-a
      - text: category social-history, with a coded value
        holds: category.first().coding.first().code = 'social-history' and value.coding.exists()
      - text: a date known to the month only
        holds: effective.toString().length() = 7
    example: data/observation-social.json
    values:
      code: code.coding.first().code
      codeSystem: code.coding.first().system
      category: category.first().coding.first().code
      date: effective.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", code: "${codeSystem}|${code}", date: "${date}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  observation-b:
    resource: Observation
    needs:
      - belongs to patient-b
      - text: category vital-signs, with a SNOMED CT code
        holds: category.first().coding.first().code = 'vital-signs' and code.coding.first().system = 'http://snomed.info/sct'
    example: data/observation-b.json
    values:
      code: code.coding.first().code
      codeSystem: code.coding.first().system
      category: category.first().coding.first().code
      date: effective.toString().substring(0, 10)
    find: { patient: "${patient-b.id}", code: "${codeSystem}|${code}", date: "${date}" }
    discover: { patient: "${patient-b.id}", _count: "50" }

  allergy-a:
    resource: AllergyIntolerance
    needs:
      - belongs to patient-a
      - text: clinical status active, verification status confirmed
        holds: clinicalStatus = 'active' and verificationStatus = 'confirmed'
      - text: a SNOMED CT code with its display
        holds: code.coding.first().system = 'http://snomed.info/sct' and code.coding.first().display.exists()
      - text: the date on which it was asserted
        holds: assertedDate.exists()
      - text: a reaction and a time of onset
        holds: reaction.exists() and onset.exists()
    example: data/allergy-a.json
    values:
      code: code.coding.first().code
      clinicalStatus: clinicalStatus
      assertedDate: assertedDate.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", clinical-status: "${clinicalStatus}", date: "${assertedDate}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  allergy-resolved:
    resource: AllergyIntolerance
    needs:
      - belongs to patient-a
      - text: clinical status resolved
        holds: clinicalStatus = 'resolved'
      - text: asserted in an earlier year than allergy-a
        holds: assertedDate.toString().substring(0, 4) < '${allergy-a.assertedDate}'.substring(0, 4)
    example: data/allergy-resolved.json
    values:
      code: code.coding.first().code
      clinicalStatus: clinicalStatus
      assertedDate: assertedDate.toString().substring(0, 10)
    find: { patient: "${patient-a.id}", clinical-status: "${clinicalStatus}", date: "${assertedDate}" }
    discover: { patient: "${patient-a.id}", _count: "50" }

  allergy-b:
    resource: AllergyIntolerance
    needs:
      - belongs to patient-b
      - text: clinical status active
        holds: clinicalStatus = 'active'
    example: data/allergy-b.json
    values:
      code: code.coding.first().code
      clinicalStatus: clinicalStatus
      assertedDate: assertedDate.toString().substring(0, 10)
    find: { patient: "${patient-b.id}", clinical-status: "${clinicalStatus}", date: "${assertedDate}" }
    discover: { patient: "${patient-b.id}", _count: "50" }

  organization-a:
    resource: Organization
    needs:
      - the organisation that manages patient-a, with an ODS code
    example: data/organization-a.json
    values:
      odsCode: identifier.where(system = 'https://fhir.nhs.uk/Id/ods-organization-code').value
      name: name
    find: { identifier: "https://fhir.nhs.uk/Id/ods-organization-code|${odsCode}" }

  practitioner-a:
    resource: Practitioner
    needs:
      - the general practitioner of patient-a
    example: data/practitioner-a.json
    values:
      sdsUserId: identifier.where(system = 'https://fhir.nhs.uk/Id/sds-user-id').value
      family: name.where(use = 'official').family
    find: { identifier: "https://fhir.nhs.uk/Id/sds-user-id|${sdsUserId}" }
