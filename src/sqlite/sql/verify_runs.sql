select first, block from block_run where not exists (select 1 from block where block.id = block_run.block)
