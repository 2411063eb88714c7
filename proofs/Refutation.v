(** Theorem 5 (ii) is false: all hypotheses hold in counterexample A, and the signal is lost in
    every outcome. *)
From mathcomp Require Import all_ssreflect all_algebra.
Require Import Compat Euclid Algorithm1 Definition4 CounterexampleA Analysis RealNumbers Theorem5.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

(** ** Four fair coins *)
Section Coins.
Variable sigma : R.
Let Omega := {ffun 'I_4 -> bool}.
Definition coin (b : bool) : R := if b then sigma else - sigma.
Definition noise (o : Omega) : 'cV[R]_4 := \col_i coin (o i).

Lemma card_Omega : #|{: Omega}| = expn 2 4. Proof. by rewrite card_ffun card_bool card_ord. Qed.

Lemma mean_prod (F : 'I_4 -> bool -> R) :
  mean (fun o : Omega => \prod_i F i (o i)) = \prod_i ((F i true + F i false) / 2%:R).
Proof.
rewrite /mean card_Omega prodf_div prodr_const card_ord natrX; congr (_ * _).
by rewrite -bigA_distr_bigA; apply: eq_bigr => i _; rewrite big_bool.
Qed.

Lemma mean_coin (f : bool -> R) i :
  mean (fun o : Omega => f (o i)) = (f true + f false) / 2%:R.
Proof.
pose F j b := if j == i then f b else 1.
transitivity (mean (fun o : Omega => \prod_j F j (o j))).
  apply: eq_mean => o.
  by rewrite (bigD1 i) //= /F eqxx big1 ?mulr1 // => j /negbTE ->.
rewrite mean_prod (bigD1 i) //= big1 /F ?eqxx ?mulr1 // => j /negbTE ->.
by rewrite -[1 + 1]/(2%:R) divff // pnatr_eq0.
Qed.

Lemma noise_independent : independent_entries noise.
Proof.
move=> a; rewrite probE.
pose F i b : R := (coin b == a i 0)%:R.
transitivity (mean (fun o : Omega => \prod_i F i (o i))).
  apply: eq_mean => o /=; case: eqP => [e | ne].
    by rewrite big1 // => i _; rewrite /F -e mxE eqxx.
  apply/esym/eqP/prodf_eq0.
  have /existsP [i ai] : [exists i, noise o i 0 != a i 0].
    rewrite -negb_forall; apply/negP => /forallP same.
    by apply: ne; apply/colP => i; apply/eqP.
  by exists i => //; move: ai; rewrite mxE /F => /negbTE ->.
rewrite mean_prod; apply: eq_bigr => i _.
rewrite probE -(mean_coin (F i) i); apply: eq_mean => o.
by rewrite /F /= mxE.
Qed.

Lemma noise_mean i : mean (fun o => noise o i 0) = 0.
Proof.
transitivity (mean (fun o : Omega => coin (o i))).
  by apply: eq_mean => o; rewrite mxE.
by rewrite (mean_coin coin i) /coin subrr mul0r.
Qed.

Lemma noise_sub_gaussian i : sub_gaussian (fun o => noise o i 0) (sigma ^+ 2).
Proof.
move=> t.
have -> : mean (fun o => exp (t * noise o i 0)) = mean (fun o : Omega => exp (t * coin (o i))).
  by apply: eq_mean => o; rewrite mxE.
rewrite (mean_coin (fun b => exp (t * coin b)) i) /=; apply/RleP.
have := fair_coin_sub_gaussian sigma t.
by rewrite !RdivE ?RpowE ?natIZR //; apply/eqP => /eqP; rewrite -(natIZR 2) pnatr_eq0.
Qed.
End Coins.

(** ** Proposition A: for every delta there are hypotheses under which a large signal is
    lost in every outcome *)

Lemma log_argument (delta : R) : 2%:R * 4%:R / delta = 8%:R / delta.
Proof. by rewrite -natrM. Qed.

Theorem proposition_A_certain_failure (delta : R) : 0 < delta < 1 ->
  exists (Phi : 'M[R]_4) s sigma lambda_min (xi : {ffun 'I_4 -> bool} -> 'cV[R]_4),
  hypotheses Phi s 1 delta sigma lambda_min 2 xi /\
  forall o A v, run Phi (Phi *m s + xi o) 2 A v -> 1 <= `|s f1 0| /\ v f1 0 = 0.
Proof.
move=> /andP [delta0 delta1]; set L := ln (8%:R / delta).
have L0 : 0 < L.
  apply/RltP/ln_pos/RltP; rewrite -[IZR 1]/(1%:R : R) ltr_pdivlMr // mul1r.
  by apply: lt_trans delta1 _; rewrite ltr1n.
have [B [sigma [/RltP B1 [/RltP sigma0 [/RltP room /RleP enough]]]]] :=
  room_for_sigma _ (elimT (RltP _ _) L0).
have {}room : 2%:R / (B * (B - 1)) < sigma.
  have BB : 0 < B * (B - 1) by rewrite mulr_gt0 ?subr_gt0 // (lt_trans ltr01).
  by rewrite ltr_pdivrMr // (natIZR 2).
have {}enough : 8%:R * sigma ^+ 2 * (B ^+ 2 + 2%:R) * L <= 4%:R.
  by rewrite !expr2 (natIZR 8) (natIZR 2) (natIZR 4).
have b1 : 1 < B ^+ 2 by rewrite expr2 (lt_trans B1) // ltr_pMl // (lt_trans ltr01).
have b0 := lt_trans ltr01 b1.
have [l [e [/RltP l0 [/RleP lb /RleP l2]]]] := small_root _ (elimT (RltP _ _) b1).
have {}lb : l <= B ^- 2 by rewrite -div1r ler_pdivlMr.
have {}l2 : 2%:R * l <= B ^+ 2 + 2%:R by rewrite (natIZR 2).
have {}e : l ^+ 2 - (B ^+ 2 + 2%:R) * l + 1 = 0.
  by rewrite expr2 (natIZR 2) [l * l]e addrAC subrK subrr.
have [le lmin] := smallest_eigenvalue B1 e lb l2.
exists (Phi_B B), (s_B B), sigma, l, (noise sigma); split.
  split=> //; try exact: ltr01.
  - by rewrite delta0 delta1.
  - by rewrite (support_B B1); apply/set0Pn; exists f1; rewrite !inE.
  - by rewrite card_Omega.
  - exact: noise_independent.
  - exact: noise_mean.
  - exact: noise_sub_gaussian.
  - apply/definition_4_is_full_column_rank; last exact: Phi_B_rank B1.
    by rewrite (support_B B1); apply/set0Pn; exists f1; rewrite !inE.
  - by split=> // [|mu _]; [apply: lt0r_neq0 | apply: lmin].
  - by rewrite (support_B B1) cards2.
  - rewrite log_argument; apply: (samples B1 (eigenvalues_above B1 le) (ltW L0) enough).
move=> o A v r; split; first by rewrite mxE /= normr1.
have size i : `|noise sigma o i 0| = sigma.
  by rewrite mxE /coin; case: (o i); rewrite ?normrN gtr0_norm.
by have [] := proposition_A B1 size room r.
Qed.

(** ** Counterexample A as printed: delta = 1/20, sigma = 3/100, lambda_min = 51 - 10 sqrt 26 *)
Theorem counterexample_A : exists lambda_min : R, let xi := noise sigmaA in
  hypotheses PhiA sA 1 20%:R^-1 sigmaA lambda_min 2 xi /\
  forall o A v, run PhiA (PhiA *m sA + xi o) 2 A v -> (1 : R) <= `|sA f1 0| /\ v f1 0 = 0.
Proof.
have h100 : Rlt (IZR 1) (IZR 100) by apply/RltP; rewrite -(natIZR 100) ltr1n.
have [l [e [/RltP l0 [/RleP lb /RleP l2]]]] := small_root _ h100.
have c102 : Rplus (IZR 100) (IZR 2) = 102%:R by rewrite -(natIZR 100) -(natIZR 2) RplusE -natrD.
have {}lb : l <= 100%:R^-1 by rewrite -div1r ler_pdivlMr ?ltr0n // (natIZR 100).
have {}l2 : 2%:R * l <= 102%:R by rewrite -c102 (natIZR 2).
have {}e : l ^+ 2 = 102%:R * l - 1 by rewrite expr2 -c102.
have [le lmin] := A_smallest_eigenvalue e lb l2.
exists l; split.
  split=> //; try exact: ltr01.
  - by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
  - by rewrite divr_gt0 ?ltr0n.
  - by rewrite A_support; apply/set0Pn; exists f1; rewrite !inE.
  - by rewrite card_Omega.
  - exact: noise_independent.
  - exact: noise_mean.
  - exact: noise_sub_gaussian.
  - apply/definition_4_is_full_column_rank; last exact: A_rank.
    by rewrite A_support; apply/set0Pn; exists f1; rewrite !inE.
  - by split=> // [|mu _]; [apply: lt0r_neq0 | apply: lmin].
  - by rewrite A_support cards2.
  - have -> : 2%:R * 4%:R / 20%:R^-1 = 160%:R :> R by rewrite invrK -!natrM.
    have e54 : 54%:R / 10%:R = Rdiv (IZR 54) (IZR 10).
      by rewrite RdivE -(natIZR 10) ?pnatr_eq0 // (natIZR 54).
    apply: A_samples; first exact: A_eigenvalues.
      by apply/RleP; rewrite (natIZR 160); left; exact: ln_160_pos.
    by rewrite e54 (natIZR 160); apply/RleP; left; exact: ln_160.
move=> o A v r; split; first exact: A_large_signal.
have coins : coins_A (noise sigmaA o).
  by move=> i; rewrite mxE /coin; case: (o i); [left | right].
by have [] := A_failure coins r.
Qed.

Theorem Theorem_5_ii_is_false (delta : R) : 0 < delta < 1 -> ~ Theorem_5_ii delta.
Proof.
move=> range T.
have [Phi [s [sigma [l [xi [hyp lost]]]]]] := proposition_A_certain_failure range.
have [G [G_large success]] := T _ _ _ _ _ _ _ _ _ _ hyp.
have [o oG] : exists o, o \in G.
  apply/set0Pn; apply: contraTneq G_large => ->.
  rewrite /prob (eq_card0 (A := mem set0)) ?mul0r; last by move=> o; rewrite inE.
  by rewrite -ltNge subr_gt0; case/andP: range.
have [A [v [r kept]]] := success o oG.
have [large v0] := lost o A v r.
by have := kept f1 large; rewrite v0 eqxx.
Qed.
