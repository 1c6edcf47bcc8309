/// Kept.
async fn call() -> Result<u32, Error> {
    #![allow(unused)]
    use retry_http_api as _;
    ask().await
}
::core::compile_error! {
    "`max_attempts` counts the first try, so 0 would never run the body: write `max_attempts = 1` for no retry"
}
::core::compile_error! {
    "one function calls one service: this says `other`, another attribute says `api`; split the function"
}
