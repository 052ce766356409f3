select seq, gc_epoch from state where id = 1
