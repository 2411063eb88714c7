(** The positive control: under the hypotheses of Theorem 5, pruning once keeps the signal. *)
From mathcomp Require Import all_ssreflect all_algebra.
Require Import Compat Euclid Algorithm1 Definition4 RealNumbers Theorem5 Lemma6.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

(** If every weight is within [gamma/2] of the signal, the smallest weights are no large signal's. *)
Lemma close_enough p (s w : 'cV[R]_p) (gamma : R) (Q : {set 'I_p}) :
  (forall j, `|w j 0 - s j 0| < gamma / 2%:R) ->
  smallest_weights w Q -> (#|Q| <= p - #|support s|)%N ->
  forall i, gamma <= `|s i 0| -> i \notin Q /\ gamma / 2%:R < `|w i 0|.
Proof.
move=> close small card_Q i large.
have wi : gamma / 2%:R < `|w i 0|.
  have: gamma < `|w i 0| + gamma / 2%:R.
    apply: (le_lt_trans large); rewrite -[X in `|X|](subrK (w i 0)) addrC.
    by apply: (le_lt_trans (ler_normD _ _)); rewrite ltrD2l distrC.
  by rewrite {1}(splitr gamma) ltrD2r.
split=> //; apply/negP => iQ.
have s_i : s i 0 != 0.
  rewrite -normr_gt0; apply: lt_le_trans large.
  have := le_lt_trans (normr_ge0 _) (close i).
  by rewrite pmulr_lgt0 ?invr_gt0 ?ltr0n.
have nulls j : j \notin support s -> j \in Q.
  rewrite inE negbK => /eqP sj0; apply/negPn/negP => jQ.
  have := lt_le_trans wi (small i j iQ jQ).
  by move=> /ltW; rewrite leNgt -[w j 0]subr0 -sj0 close.
have sub : i |: ~: support s \subset Q.
  by apply/subsetP => j; rewrite !inE => /orP [/eqP -> // | h]; apply: nulls; rewrite inE.
have := leq_trans (subset_leq_card sub) card_Q.
by rewrite cardsU1 !inE negbK s_i /= cardsCs setCK card_ord add1n ltnn.
Qed.

(** The hypotheses that the refutation meets are enough for pruning once, at the printed [n]. *)
Theorem one_shot_holds (delta : R) : one_shot_theorem delta.
Proof.
move=> n p Phi s gamma sigma lambda_min q Omega xi [g0 d01 s0 S0 out indep _ tails def4 eig qk enough].
have p0 : (0 < p)%N by case/set0Pn: S0 => i _; apply: leq_ltn_trans (ltn_ord i).
have e0 : 0 < gamma / 2%:R by rewrite divr_gt0 ?ltr0n.
have rank : full_column_rank Phi by apply/(definition_4_is_full_column_rank Phi S0).
have enough' : 2%:R * sigma ^+ 2 / ((gamma / 2%:R) ^+ 2 * lambda_min)
    * ln (2%:R * p%:R / delta) <= n%:R.
  apply: le_trans enough; rewrite le_eqVlt; apply/orP; left; apply/eqP; congr (_ * _).
  by case: eig => l0 _ _; field; rewrite l0 gt_eqF.
have [G [G1 good]] := Lemma_6 p0 out e0 d01 s0 indep tails rank eig enough'.
exists G; split=> // o w Q oG tw small cQ; apply: close_enough small _ => [j|]; last by rewrite cQ.
have -> : w j 0 - s j 0 = (w - s) j 0 by rewrite !mxE.
apply: good oG _ j; apply/trained_noise => // i; by rewrite inE.
Qed.
