//! The list of clients whose errors can be injected: a new one begins with a row here. In: a macro. Out: its expansion with one row
//! for each client: its feature, the names of the two ways and of the question by which a call site asks whether its error can be
//! made from that of the client, and that error.

macro_rules! for_each_client {
    ($then:ident) => {
        $then! {
            "reqwest" FromReqwest NotFromReqwest error_from_reqwest ::reqwest::Error;
            "reqwest-middleware" FromMiddleware NotFromMiddleware error_from_middleware ::reqwest_middleware::Error;
            "hyper-util" FromHyperUtil NotFromHyperUtil error_from_hyper_util ::hyper_util::client::legacy::Error;
            "tonic" FromTonic NotFromTonic error_from_tonic ::tonic::Status;
            "sqlx" FromSqlx NotFromSqlx error_from_sqlx ::sqlx::Error;
            "tokio-postgres" FromPostgres NotFromPostgres error_from_postgres ::tokio_postgres::Error;
            "redis-1" FromRedis NotFromRedis error_from_redis ::redis::RedisError;
        }
    };
}

pub(in crate::call::injection) use for_each_client;
