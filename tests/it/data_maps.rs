//! Tables in CSV that name a supplier's records for the data of a standard, and what is wrong with them.

use crate::workspace::{Ended, Workspace};

fn plan(workspace: &Workspace) -> Ended {
    workspace.run(&["plan", "--standard", "gpconnect", "--maps", "maps"])
}

#[test]
fn every_bad_row_is_named_with_its_line() {
    let workspace = Workspace::new();
    workspace.write(
        "maps/ODSCodeMap.csv",
        "NATIVE_ODS_CODE,PROVIDER_ODS_CODE\r\n\r\nORG1,\r\n,A20047\r\nORG2,R1A14\r\n , \r\nORG2,X\r\nORG3\r\n",
    );
    workspace.write("maps/NHSNoMap.csv", "patient1,9990100012\n");
    let ended = plan(&workspace);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    for said in [
        "ODSCodeMap.csv:3:1: no value for `ORG1`; expected one in column `PROVIDER_ODS_CODE`",
        "ODSCodeMap.csv:4:1: no name; expected one in column `NATIVE_ODS_CODE`",
        "ODSCodeMap.csv:7:1: `ORG2` is in line 5 already; expected once",
        "ODSCodeMap.csv:8:1: no value for `ORG3`",
        "NHSNoMap.csv:1:1: no column is called `NATIVE_NHS_NUMBER`",
        "the first line names the columns, with a comma between them: NATIVE_NHS_NUMBER,PROVIDER_NHS_NUMBER",
    ] {
        assert!(ended.stderr.contains(said), "{said} in {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("9990100012"), "no value is repeated: {}", ended.stderr);
}

#[test]
fn a_folder_or_file_that_cannot_be_used_is_named() {
    let workspace = Workspace::new();
    let ended = plan(&workspace);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("maps: cannot be read"), "{}", ended.stderr);
    workspace.write("maps/Other.csv", "A,B\n");
    let ended = plan(&workspace);
    assert!(ended.stderr.contains("expected NHSNoMap.csv, ODSCodeMap.csv,"), "{}", ended.stderr);
    std::fs::write(workspace.path("maps/NHSNoMap.csv"), b"NATIVE_NHS_NUMBER,PROVIDER_NHS_NUMBER\n\xe9,1\n")
        .unwrap();
    let ended = plan(&workspace);
    assert!(
        ended.stderr.contains("NHSNoMap.csv: not UTF-8 text; save it as `CSV UTF-8`"),
        "{}",
        ended.stderr
    );
    let ended = workspace.run(&["plan", "--standard", "careconnect", "--maps", "maps"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("careconnect@1.3.0 reads no maps"), "{}", ended.stderr);
}

#[test]
fn values_that_a_map_cannot_give_are_asked_for() {
    let workspace = Workspace::new();
    workspace.write(
        "maps/NHSNoMap.csv",
        "provider_nhs_number,\"native_nhs_number\"\n9990100098,patient9\n9999999999,patientNotInSystem\n",
    );
    let ended = plan(&workspace);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for said in [
        "maps has no ODSCodeMap.csv",
        "patient9: the maps do not give family, given, gender, birthDate; [data.patient9] in proofmark.toml can",
    ] {
        assert!(ended.stderr.contains(said), "{said} in {}", ended.stderr);
    }
    assert!(ended.stdout.contains("patient9 (as the configuration names it)"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("patientNotInSystem:"), "{}", ended.stderr);
}
