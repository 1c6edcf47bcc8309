//! What `monitor()` says where calls are not counted: that nothing is known of them, and not that there were none.

use resilience_runtime::{monitor, testing};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Script, call, configure, ms, secs, service};

const SETTINGS: &str = "max_attempts = 1\nbreaker.quiet_failures = 'off'\nbreaker.min_calls = 1000";
const OFF: &str = "[global]\nenable_global_metrics = false";

async fn traffic() {
    for _ in 0..20 {
        let _ = call(&Script::new([Answer(1)])).await;
        let _ = call(&Script::new([Fail(Fault::Down)])).await;
        sleep(ms(100)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_not_counted_are_not_taken_for_none() {
    testing::isolated(async {
        configure(&format!("{SETTINGS}\n{OFF}"));
        monitor().dashboard_data();
        traffic().await;
        sleep(secs(10)).await;
        let data = monitor().dashboard_data();
        assert_eq!(data.process.statistics_off_by, Some("[global] enable_global_metrics = false"));
        let svc = data.services.iter().find(|service| service.name == "svc").expect("it is named");
        assert_eq!((&svc.windows, svc.sparkline.len()), (&None, 0), "zeros would say that nothing happens");
        let why = vec!["statistics are off: enable_global_metrics = false".to_owned()];
        assert_eq!((svc.health.score, &svc.health.reasons), (100, &why));
        assert_eq!(monitor().health("svc").map(|health| health.reasons), Some(why));

        // What is known all the same is told.
        service().force_open();
        let health = monitor().health("svc").expect("it is named");
        assert_eq!((health.score, health.reasons), (20, vec!["breaker forced open".to_owned()]));
        service().reset_breaker();

        // Shedding by the number of calls counts them, whatever the setting says.
        for file in
            [SETTINGS.to_owned(), format!("{SETTINGS}\n{OFF}\n[global.shedding]\nmax_in_flight = 900")]
        {
            configure(&file);
            traffic().await;
            sleep(secs(4)).await;
            let data = monitor().dashboard_data();
            let svc = data.services.iter().find(|service| service.name == "svc").expect("it is named");
            let lately = svc.windows.as_ref().map(|windows| windows.one_minute.calls.ended());
            assert_eq!(data.process.statistics_off_by, None, "{file}");
            assert!(lately.is_some_and(|ended| ended >= 30), "{lately:?} by {file}");
        }
    })
    .await;
}
