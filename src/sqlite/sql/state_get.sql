select seq, gc_epoch, entry, trace, span, session, config_snapshot, fresh_bytes from state where id = 1
