"""Named signs that a person would point at, as word lists over the normal form, each with the work that describes the sign.

A cue is a feature of its own (`features.py`), so its weight is learnt; the lists only say what counts as one.
"""

from __future__ import annotations

#: Words that turn round what follows, to the end of the clause (Das & Chen 2007; Councill et al. 2010).
NEGATION = frozenset(
    "no not never none nobody nothing neither nor without ain't isn't wasn't weren't aren't don't doesn't didn't can't cannot couldn't "
    "won't wouldn't shouldn't haven't hasn't hadn't dont doesnt didnt "
    "isnt wasnt werent cant wont aint hardly barely denied denies deny".split()
)

#: A clause ends at these words and at punctuation; a negation's reach ends with it (punctuation: Pang et al. 2002; words: the
#: termination terms of NegEx and ConText, Chapman et al. 2001, Harkema et al. 2009).
CLAUSE_END = frozenset("but however although though yet because except then".split())

#: Words and two-word phrases that put what follows at a distance, to the end of the clause: seeming, hearsay, pretence (Saurí &
#: Pustejovsky 2009, event factuality).
DISTANCE = frozenset(
    "looks|like looked|like look|like seems seemed seem appears appeared as|if as|though apparently supposedly allegedly reportedly "
    "pretend pretended pretending fake faked rumor rumour rumors rumours claimed claims claiming people|say people|said people|think "
    "everyone|thinks everyone|thought everyone|says they|say thought|it thought|they calling|it called|it".split()
)

#: Words and two-word phrases that take back what the sentence said before them (connectors in Polanyi & Zaenen 2006; "but" in
#: Hatzivassiloglou & McKeown 1997).
CONTRAST = frozenset("but however turns|out turned|out actually instead".split())

#: A sentence ends at these; a contrast reaches no further back.
SENTENCE_END = frozenset([".", "!", "?", ";", "..."])

#: name → words or two-word phrases.
CUES: dict[str, frozenset[str]] = {
    # the writer does not vouch for it (Hyland 1998; CoNLL-2010 shared task, Farkas et al. 2010)
    "hedge": frozenset(
        "maybe perhaps seems seemed apparently allegedly supposedly probably possibly looks|like looked|like appears appeared|to kinda "
        "sorta might".split()
    ),
    # laughter marks play (Provine 2000; teasing and banter: Dynel 2008)
    "laughter": frozenset(
        "lol lmao lmfao haha hahaha hahahaha rofl laughing laughed laughs giggling giggled cackling 😂 🤣 😆 😹 💀 cracking|up".split()
    ),
    # open talk of play, a bit, an agreed scene (Bateson 1955, "this is play")
    "play": frozenset(
        "joking joke jokes kidding banter prank pranked skit bit staged rehearsed rehearsal scripted script kayfabe teasing teased playing "
        "played inside|joke running|gag dare promo storyline choreographed".split()
    ),
    # repair of a relation (Goffman 1971)
    "repair": frozenset("apologised apologized apology sorry forgave forgiven made|up reconciled squashed".split()),
    # what institutions do about a conflict: a factual trace of it (Felstiner et al. 1980, from grievance to claim)
    "sanction": frozenset(
        "arrested charged suspended banned fined lawsuit sued police complaint investigation disciplinary restraining lawyer solicitor "
        "hearing dismissed fired sacked pressed|charges red|card statement|to escorted ejected removed hr".split()
    ),
    # traces of being on good terms (Goffman 1971, tie-signs)
    "company": frozenset(
        "together friends friend mates dinner lunch drinks ride lift shared same|car same|table hug hugged hugging hugs selfie thanked "
        "invited birthday wedding godmother godfather best|man roommates".split()
    ),
    # attack, of body or voice (Straus 1979, Conflict Tactics Scales)
    "attack": frozenset(
        "punched punch shoved shove hit slapped slap kicked kick grabbed swung spat threw pushed headbutt headbutted elbowed attacked "
        "assaulted assault screamed screaming yelled yelling shouted threatened threat".split()
    ),
    # second-hand markers: someone said that someone said (Aikhenvald 2004, reported evidentials)
    "hearsay": frozenset(
        "heard rumour rumor people|say people|said everyone|says they|say sources reportedly told|us according|to".split()
    ),
    # asked, not said (Stolcke et al. 2000, dialogue acts)
    "question": frozenset("? ?? ??? ?! !? who why what how did|they are|they is|he is|she is|it is|this was|it".split()),
    # what would be, not what is (Saurí & Pustejovsky 2009; Narayanan et al. 2009, conditional sentences)
    "conditional": frozenset("if unless would wouldn't would've otherwise should|have could|have might|have even|if".split()),
    # said louder than needed (Quirk et al. 1985, amplifiers)
    "intensifier": frozenset(
        "very so really absolutely totally literally completely utterly extremely proper pure hella deadass genuinely truly fully such|a "
        "what|a !! !!! !!!! so|much".split()
    ),
    # somebody's words, held out at arm's length (Clark & Gerrig 1990)
    "quotation": frozenset("\" quote quoted quoting so|called said|he said|she he|said she|said was|like he's|like she's|like".split()),
    # words of praise, where a complaint would stand too (Riloff et al. 2013, positive words, negative situation; Filatova 2012)
    "praise": frozenset(
        "lovely great nice brilliant charming wonderful classy delightful amazing perfect fantastic legend gentleman sweet adorable genius "
        "bravo congrats cheers thanks well|done good|job nice|one what|a".split()
    ),
    # eyes rolled, breath let out (Carvalho et al. 2009, signs of irony)
    "irony": frozenset("🙄 😒 🫠 🤡 😑 🙃 yeah|right sure|sure oh|sure as|if totally|normal ... bless|him bless|her good|luck".split()),
    # correction of an earlier reading (Schegloff et al. 1977, repair; "actually": Clift 2001)
    "correction": frozenset("actually turns|out turned|out in|fact correction clarified misunderstood misread context explained".split()),
}

#: word or phrase → cues, so that a text is looked at once.
BY_WORD: dict[str, tuple[str, ...]] = {}
for _name, _words in CUES.items():
    for _word in _words:
        BY_WORD[_word] = (*BY_WORD.get(_word, ()), _name)
