select seq, gc_epoch, entry, fresh_bytes from state where id = 1
