//! Gives the vote of an attempt to the breaker of its target. In: how an attempt ended. Out: its vote in the breaker of its target,
//! and the transition that the breaker has made on it.

use resilience_settings::policy::BreakerSettings;

use super::target::Target;
use crate::breaker::{Admitted, BreakerTicket, CastVote, Rules, Transition, Vote, VoteSink};
use crate::clock::Tick;
use crate::counting::shard::Writer;
use crate::policy::ServiceRules;
use crate::registry::service::ShardWriter;

impl Target {
    /// Tells the breaker how an attempt ended that it admitted. Returns the transition that it has made on that, to be
    /// [announced](Self::announce).
    #[inline]
    pub(crate) fn settle<W: Writer>(
        self,
        rules: &ServiceRules,
        ticket: BreakerTicket,
        cast: CastVote,
        writer: ShardWriter<W>,
    ) -> Option<Transition> {
        if cast.vote != Vote::Success {
            self.service().shared().recent.is(cast.at);
        }
        match &rules.breaker {
            Some(settings) => {
                let rules = Rules { settings, slices: rules.slices };
                self.tell_breaker(rules, ticket.admitted(), cast, writer)
            }
            // Switched off while the attempt ran: its trial must go back all the same.
            None => self.return_trial(ticket.admitted(), cast.at, writer),
        }
    }

    #[cold]
    fn return_trial<W: Writer>(
        self,
        admitted: Admitted,
        at: Tick,
        writer: ShardWriter<W>,
    ) -> Option<Transition> {
        let settings = BreakerSettings::default();
        self.tell_breaker(Rules::of(&settings), admitted, CastVote::none(at), writer)
    }

    #[inline]
    fn tell_breaker<W: Writer>(
        self,
        rules: Rules<'_>,
        admitted: Admitted,
        cast: CastVote,
        ShardWriter { shard, by }: ShardWriter<W>,
    ) -> Option<Transition> {
        let sink = VoteSink { own: &shard.votes, all: &self.state().shards, by };
        self.state().breaker.settle(admitted, cast, sink, rules, || self.service().shared().chance.unit())
    }
}
