-- Which events are of anything but a case or a register, few as they are: whoever keeps units, platforms and procedures
-- asks whether there is a new one.
CREATE INDEX stored_events_references_idx ON stored_events (notification_id)
    WHERE topic NOT LIKE 'dispute.%' AND topic NOT LIKE 'register.%';
