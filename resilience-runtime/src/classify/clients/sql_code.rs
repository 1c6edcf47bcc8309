//! Classifies error codes of databases, for every client. In: a code. Out: its classification.
//!
//! It is apart from the clients because the table belongs to the databases, and several clients use it.

use crate::classify::recovery::Recovery;

/// A code of five characters is a SQLSTATE (`PostgreSQL`, `MySQL`); a number is one of `SQLite`.
pub(super) fn verdict(code: &str) -> Recovery {
    if code.len() == 5 {
        return sqlstate(code);
    }
    match code.parse::<u32>() {
        Ok(code) => sqlite(code),
        Err(_) => Recovery::retry(),
    }
}

fn sqlstate(code: &str) -> Recovery {
    match code {
        // The server refused the connection before it took a statement: it cannot connect now, rejected the connection
        // (MySQL's answer to too many connections), or the connection could not be made at all.
        "57P03" | "08001" | "08004" => Recovery::retry().not_sent(),
        // Too many connections, reported before a statement was taken.
        "53300" => Recovery::throttled().not_sent(),
        // A constraint that failed at commit, and a database that was dropped.
        "40002" | "57P04" => Recovery::never(),
        // Lock not available, object in use, and a primary that has become a replica: another connection, or another
        // moment, can succeed.
        "55P03" | "55006" | "25006" => Recovery::retry(),
        _ => match code.get(..2) {
            // Disk, memory or other resources are exhausted.
            Some("53") => Recovery::throttled(),
            // Connections, rollbacks (serialization, deadlock), interventions (shutdown, statement timeout), system
            // and internal errors; MySQL's "general", which holds lock waits; MariaDB's "interrupted".
            Some("08" | "40" | "57" | "58" | "XX" | "HY" | "70") => Recovery::retry(),
            _ => Recovery::never(),
        },
    }
}

fn sqlite(code: u32) -> Recovery {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const NO_MEMORY: u32 = 7;
    const INPUT_OUTPUT: u32 = 10;
    const FULL: u32 = 13;
    const CANNOT_OPEN: u32 = 14;
    const PROTOCOL: u32 = 15;
    // The upper bits of an extended code detail the same error.
    match code & 0xff {
        BUSY | LOCKED | INPUT_OUTPUT | FULL | CANNOT_OPEN | PROTOCOL => Recovery::retry(),
        NO_MEMORY => Recovery::local(),
        _ => Recovery::never(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlstate_decides() {
        for (code, verdict_wanted) in [
            ("40001", Recovery::retry()),
            ("40P01", Recovery::retry()),
            ("40002", Recovery::never()),
            ("53100", Recovery::throttled()),
            ("53200", Recovery::throttled()),
            ("53300", Recovery::throttled().not_sent()),
            ("57014", Recovery::retry()),
            ("57P01", Recovery::retry()),
            ("57P02", Recovery::retry()),
            ("57P03", Recovery::retry().not_sent()),
            ("57P04", Recovery::never()),
            ("08006", Recovery::retry()),
            ("08001", Recovery::retry().not_sent()),
            ("08004", Recovery::retry().not_sent()),
            ("55P03", Recovery::retry()),
            ("25006", Recovery::retry()),
            ("25P02", Recovery::never()),
            ("58030", Recovery::retry()),
            ("XX000", Recovery::retry()),
            ("HY000", Recovery::retry()),
            ("23505", Recovery::never()),
            ("22001", Recovery::never()),
            ("28P01", Recovery::never()),
            ("42601", Recovery::never()),
            ("42S02", Recovery::never()),
        ] {
            assert_eq!(verdict(code), verdict_wanted, "{code}");
        }
    }

    #[test]
    fn a_code_of_sqlite_decides_by_its_low_bits() {
        for (code, verdict_wanted) in [
            ("5", Recovery::retry()),
            ("517", Recovery::retry()),
            ("6", Recovery::retry()),
            ("7", Recovery::local()),
            ("13", Recovery::retry()),
            ("1", Recovery::never()),
            ("19", Recovery::never()),
            ("2067", Recovery::never()),
        ] {
            assert_eq!(verdict(code), verdict_wanted, "{code}");
        }
    }

    #[test]
    fn a_code_of_no_known_form_is_retried() {
        for code in ["", "?", "ORA-00060", "-5", "éé1"] {
            assert_eq!(verdict(code).is_retry(), code.len() != 5, "{code}");
        }
    }
}
