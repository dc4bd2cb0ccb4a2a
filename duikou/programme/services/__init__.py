"""The only writers of this room: what packs and national lists bring."""
