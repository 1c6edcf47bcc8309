//! Writes the outcome of a suite as `JUnit` XML. In: the outcome of a suite. Out: `JUnit` XML for build servers: a suite for each
//! stage, a case for each expectation. What was missed is a failure, what could not be measured an error, as it says nothing about
//! the code.

use std::fmt::Write as _;

use super::expectation::Met;
use super::outcome::{Stage, SuiteReport};
use crate::testing::xml::escaped;

impl SuiteReport {
    /// The report in the format of `JUnit`.
    pub fn to_junit(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let seconds: f64 = self.stages.iter().map(|stage| stage.lasted().as_secs_f64()).sum();
        let tests: usize = self.stages.iter().map(|stage| stage.expectations().len()).sum();
        let (failures, errors) = (self.count(Met::No), self.count(Met::Unknown));
        let name = escaped(&self.name);
        let _ = writeln!(
            xml,
            r#"<testsuites name="{name}" tests="{tests}" failures="{failures}" errors="{errors}" time="{seconds:.3}">"#
        );
        for stage in &self.stages {
            self.stage(&mut xml, stage);
        }
        xml.push_str("</testsuites>\n");
        xml
    }

    fn stage(&self, xml: &mut String, stage: &Stage) {
        let name = escaped(&format!("{}: {}", stage.kind().name(), stage.name()));
        let (tests, failures, errors) =
            (stage.expectations().len(), stage.count(Met::No), stage.count(Met::Unknown));
        let seconds = stage.lasted().as_secs_f64();
        let _ = writeln!(
            xml,
            r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="{errors}" skipped="0" time="{seconds:.3}">"#
        );
        let class = escaped(&format!("{}.{}.{}", self.name, stage.kind().name(), stage.name()));
        for expectation in stage.expectations() {
            let (what, found) = (escaped(expectation.what()), escaped(expectation.found()));
            let _ = write!(xml, r#"    <testcase classname="{class}" name="{what}" time="0">"#);
            match expectation.met() {
                Met::Yes => {}
                Met::No => {
                    let _ = write!(xml, r#"<failure message="{found}"/>"#);
                }
                Met::Unknown => {
                    let _ = write!(xml, r#"<error message="{found}"/>"#);
                }
            }
            xml.push_str("</testcase>\n");
        }
        if let Some(report) = stage.report() {
            let _ = writeln!(xml, "    <system-out>{}</system-out>", escaped(&report.to_text(100, false)));
        }
        xml.push_str("  </testsuite>\n");
    }
}
