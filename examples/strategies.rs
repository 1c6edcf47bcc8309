//! Prints the delays of every strategy, so that one can be chosen with open eyes.
#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use std::time::Duration;

use resilience_runtime::policy::{Backoff, Strategy};

const ATTEMPTS: usize = 8;

fn main() {
    let base = Duration::from_millis(100);
    let cap = Duration::from_secs(5);
    println!(
        "Delays in milliseconds after each failed attempt: base 100 ms, cap 5 s, multiplier 2, own jitter.\n"
    );
    print!("{:<20}", "strategy");
    (1..=ATTEMPTS).for_each(|attempt| print!("{attempt:>7}"));
    println!();
    for &strategy in Strategy::ALL {
        print!("{:<20}", strategy.name());
        for delay in Backoff::new(strategy, base, cap).delays().take(ATTEMPTS) {
            print!("{:>7}", delay.as_millis());
        }
        println!();
    }
    println!("\nok: {} strategies", Strategy::ALL.len());
}
