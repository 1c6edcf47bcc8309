//! What a registry of 10,000 services costs: the first call of each, a later call, its list, a configuration file.

mod calls;
mod file;

const FEW: usize = 1_000;
const MANY: usize = 10_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let alone = calls::later(&runtime, "1 service");
    calls::first(&runtime, 0..FEW, "the first 1,000");
    file::measure(&runtime, FEW, 0);
    file::name_all(MANY);
    calls::first(&runtime, FEW..MANY - FEW, "those between");
    calls::first(&runtime, MANY - FEW..MANY, "the last 1,000 of 10,000");
    let among = calls::later(&runtime, "10,000 services");
    calls::ratio(alone, among);
    calls::list();
    file::measure(&runtime, MANY, 100);
}
